using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>What this service needs to know of a session.</summary>
internal sealed record SessionRow
{
    public Guid Id { get; init; }

    public long Version { get; init; }

    public SessionStatus Status { get; init; }

    public string OwnerPath { get; init; } = "";

    public Guid? MandateId { get; init; }

    public DateTimeOffset LiveStartsAt { get; init; }

    public DateTimeOffset LiveEndsAt { get; init; }

    /// <summary>JSON array of ids.</summary>
    public string BrandIds { get; init; } = "[]";

    public bool IsOver => Status is SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed or SessionStatus.Cancelled;

    public static object Parameters(SessionState session) => new
    {
        Id = session.SessionId,
        session.Version,
        Status = session.Status.ToString(),
        session.OwnerPath,
        session.MandateId,
        session.Phases.LiveStartsAt,
        session.Phases.LiveEndsAt,
        BrandIds = Sql.Json(session.BrandIds),
    };
}

internal static class SessionSql
{
    internal static readonly Replica Replica = new("Sessions", ["Status", "OwnerPath", "MandateId", "LiveStartsAt", "LiveEndsAt", "BrandIds"], ofUnit: "OwnerPath");

    internal const string ById =
        "SELECT Id, Version, Status, OwnerPath, MandateId, LiveStartsAt, LiveEndsAt, BrandIds FROM Sessions WHERE Id = @Id";
}

internal static class SessionRejections
{
    internal static readonly RejectionKind NotFound = new("session.not_found", 404, "No such session within the caller's reach.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No session {id}.");
}
