using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Scheduling.Periods.Proposal;
using LiveCommerce.Scheduling.Periods.Requests;

namespace LiveCommerce.Scheduling.Periods.Proposals;

/// <summary>What a month's proposal says of one request: its slot, or why it has none.</summary>
internal sealed record ProposalRow
{
    /// <summary>The headquarters took it out by hand.</summary>
    public const string LeftOut = "period.left_out";

    public Guid PeriodId { get; init; }

    public Guid RequestId { get; init; }

    /// <summary>As it was when the proposal was made: a request that was changed since is not published.</summary>
    public long RequestVersion { get; init; }

    public int? Preference { get; init; }

    /// <summary>Null: not placed.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public Guid? HostId { get; init; }

    public Guid? RoomId { get; init; }

    public Guid? MandateId { get; init; }

    public bool IsEdited { get; init; }

    public string? ReasonCode { get; init; }

    public string? ReasonDetail { get; init; }

    public DateTimeOffset? NearestStartsAt { get; init; }

    public DateTimeOffset? NearestEndsAt { get; init; }

    public Guid? SessionId { get; init; }

    public FreeSlot? Nearest => NearestStartsAt is { } from && NearestEndsAt is { } to ? new FreeSlot(from, to) : null;

    public static ProposalRow Of(SlotRequestRow request, Placement placement) => new()
    {
        PeriodId = request.PeriodId,
        RequestId = request.Id,
        RequestVersion = request.Version,
        Preference = placement.Preference,
        StartsAt = placement.Time.OpensAt,
        EndsAt = placement.Time.ClosesAt,
        HostId = placement.HostId,
        RoomId = placement.RoomId,
        MandateId = placement.MandateId,
    };

    public static ProposalRow Of(SlotRequestRow request, NotPlaced reason) => new()
    {
        PeriodId = request.PeriodId,
        RequestId = request.Id,
        RequestVersion = request.Version,
        ReasonCode = reason.Code,
        ReasonDetail = reason.Detail,
        NearestStartsAt = reason.NearestFreeSlot?.OpensAt,
        NearestEndsAt = reason.NearestFreeSlot?.ClosesAt,
    };
}

/// <summary>A month's plan, before and after it has become sessions.</summary>
/// <param name="PeriodId">The month.</param>
/// <param name="Version">The period's: what an edit and the publication name in If-Match.</param>
/// <param name="Status">Proposed or Published.</param>
/// <param name="Satisfaction">0 to 1: how much of what was wished for is granted, the better ranked counting more.</param>
/// <param name="GreedySatisfaction">What it would be had each taken its best free slot in turn and nobody made room.</param>
/// <param name="Placed">In order of the start.</param>
/// <param name="Unplaced">By unit.</param>
internal sealed record ProposalView(
    Guid PeriodId, long Version, PeriodStatus Status, decimal Satisfaction, decimal GreedySatisfaction, IReadOnlyList<PlacedView> Placed, IReadOnlyList<UnplacedView> Unplaced)
    : IVersioned
{
    public static ProposalView Of(PeriodRow period, IEnumerable<ProposalRow> items, IReadOnlyDictionary<Guid, SlotRequestRow> requests)
    {
        var known = items.Select(i => (Item: i, Request: requests[i.RequestId])).ToList();
        return new ProposalView(
            period.Id,
            period.Version,
            period.Status,
            new Satisfaction(period.SatisfactionPoints ?? 0, period.MostPoints ?? 0).Share,
            new Satisfaction(period.GreedyPoints ?? 0, period.MostPoints ?? 0).Share,
            [.. known.Where(k => k.Item.StartsAt is not null).OrderBy(k => k.Item.StartsAt).ThenBy(k => k.Request.Seq).Select(k => new PlacedView(
                k.Request.Id, k.Request.UnitId, k.Request.Path, k.Request.Tier, k.Request.Session.Title, k.Item.Preference, k.Item.StartsAt!.Value, k.Item.EndsAt!.Value,
                k.Item.HostId!.Value, k.Item.RoomId!.Value, k.Item.MandateId, k.Item.IsEdited, IsCurrent(k.Item, k.Request), k.Item.SessionId))],
            [.. known.Where(k => k.Item.StartsAt is null).OrderBy(k => k.Request.Path, StringComparer.Ordinal).ThenBy(k => k.Request.Seq).Select(k => new UnplacedView(
                k.Request.Id, k.Request.UnitId, k.Request.Path, k.Request.Tier, k.Request.Session.Title,
                k.Item.ReasonCode ?? "", k.Item.ReasonDetail ?? "", k.Item.Nearest, k.Item.IsEdited, IsCurrent(k.Item, k.Request)))]);
    }

    public static bool IsCurrent(ProposalRow item, SlotRequestRow request) => item.RequestVersion == request.Version && request.Status == SlotRequestStatus.Open;
}

/// <summary>A request with a slot.</summary>
/// <param name="RequestId">Whose.</param>
/// <param name="UnitId">Who asked.</param>
/// <param name="OwnerPath">That unit's path.</param>
/// <param name="Tier">The session's.</param>
/// <param name="Title">The session's.</param>
/// <param name="Preference">Which wish it is, 0 the first; null for a slot the headquarters gave.</param>
/// <param name="StartsAt">The slot's.</param>
/// <param name="EndsAt">The slot's; exclusive.</param>
/// <param name="HostId">Of those named.</param>
/// <param name="RoomId">Of those named.</param>
/// <param name="MandateId">Which it counts against; resellers only.</param>
/// <param name="IsEdited">By hand.</param>
/// <param name="IsCurrent">False if the request was changed or withdrawn since.</param>
/// <param name="SessionId">Once it is published.</param>
internal sealed record PlacedView(
    Guid RequestId,
    Guid UnitId,
    string OwnerPath,
    SessionTier Tier,
    string Title,
    int? Preference,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    Guid HostId,
    Guid RoomId,
    Guid? MandateId,
    bool IsEdited,
    bool IsCurrent,
    Guid? SessionId);

/// <summary>A request without a slot.</summary>
/// <param name="RequestId">Whose.</param>
/// <param name="UnitId">Who asked.</param>
/// <param name="OwnerPath">That unit's path.</param>
/// <param name="Tier">The session's.</param>
/// <param name="Title">The session's.</param>
/// <param name="Code">The rejection that came closest to being none; period.left_out if the headquarters took it out.</param>
/// <param name="Detail">For people.</param>
/// <param name="NearestFreeSlot">Nearest to the first preference, with all others where the plan has them; null if the month has none.</param>
/// <param name="IsEdited">By hand.</param>
/// <param name="IsCurrent">False if the request was changed or withdrawn since.</param>
internal sealed record UnplacedView(
    Guid RequestId, Guid UnitId, string OwnerPath, SessionTier Tier, string Title, string Code, string Detail, FreeSlot? NearestFreeSlot, bool IsEdited, bool IsCurrent);

internal static class ProposalSql
{
    private const string Columns =
        "PeriodId, RequestId, RequestVersion, Preference, StartsAt, EndsAt, HostId, RoomId, MandateId, IsEdited, ReasonCode, ReasonDetail, NearestStartsAt, NearestEndsAt, SessionId";

    internal const string OfPeriod = $"SELECT {Columns} FROM ProposalItems WHERE PeriodId = @PeriodId ORDER BY Seq";

    internal const string OfRequests = $"SELECT {Columns} FROM ProposalItems WHERE RequestId IN {Sql.Ids}";

    /// <summary>Withdrawn ones too: a proposal may still name them.</summary>
    internal const string Requests =
        "SELECT Seq, Id, Version, PeriodId, UnitId, Path, Tier, Priority, Terms, Preferences, Status, CreatedAt FROM SlotRequests WHERE PeriodId = @PeriodId";

    internal const string Delete = "DELETE FROM ProposalItems WHERE PeriodId = @PeriodId";

    internal const string DeleteOne = "DELETE FROM ProposalItems WHERE RequestId = @RequestId";

    internal const string Insert =
        "INSERT INTO ProposalItems (PeriodId, RequestId, RequestVersion, Preference, StartsAt, EndsAt, HostId, RoomId, MandateId, IsEdited, ReasonCode, ReasonDetail, NearestStartsAt, NearestEndsAt) " +
        "VALUES (@PeriodId, @RequestId, @RequestVersion, @Preference, @StartsAt, @EndsAt, @HostId, @RoomId, @MandateId, @IsEdited, @ReasonCode, @ReasonDetail, @NearestStartsAt, @NearestEndsAt)";

    internal const string BecameSession = "UPDATE ProposalItems SET SessionId = @SessionId WHERE RequestId = @RequestId";
}
