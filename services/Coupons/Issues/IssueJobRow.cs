using System.Text.Json.Serialization;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Issues;

/// <summary>How far a job is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IssueStatus>))]
internal enum IssueStatus
{
    /// <summary>Its customers are still being read; nobody sees it yet.</summary>
    Uploading,

    /// <summary>Coupons are being issued, or wait for the campaign to be resumed.</summary>
    Running,

    /// <summary>Every customer has a coupon or a reason why not.</summary>
    Finished,

    /// <summary>Ended by somebody; coupons that were issued stay.</summary>
    Cancelled,

    /// <summary>Its file had faults or broke off; its rows go.</summary>
    Discarded,
}

internal sealed record IssueJobRow
{
    public long Seq { get; init; }

    public Guid Id { get; init; }

    public Guid CampaignId { get; init; }

    /// <summary>Of the campaign's owner.</summary>
    public string Path { get; init; } = "";

    /// <summary>The unit of whoever asked for it.</summary>
    public string IssuedFrom { get; init; } = "";

    public IssueStatus Status { get; init; }

    public long Customers { get; init; }

    public long Carried { get; init; }

    public long Issued { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What became of each customer is kept until then; the sums stay.</summary>
    public DateTimeOffset? RowsUntil => EndedAt + CarryIssue.KeepRows;

    public IssueView ToView() => new(Id, CampaignId, Status, Customers, Carried, Issued, Carried - Issued, CreatedAt, EndedAt, RowsUntil);
}

/// <summary>A list of customers who each get a coupon.</summary>
/// <param name="Id">Made here.</param>
/// <param name="CampaignId">Whose coupons.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Customers">Rows in all; a customer who is in two of them counts twice.</param>
/// <param name="Carried">Of those, done.</param>
/// <param name="Issued">Of the done, those that got a coupon.</param>
/// <param name="Refused">Of the done, those that got none.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="EndedAt">When it was finished or cancelled.</param>
/// <param name="RowsUntil">Once it has ended: until when what became of each customer can be downloaded, exclusive.</param>
internal sealed record IssueView(
    Guid Id, Guid CampaignId, IssueStatus Status, long Customers, long Carried, long Issued, long Refused, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt,
    DateTimeOffset? RowsUntil);

/// <summary>One customer of a job.</summary>
internal sealed record IssueRow
{
    /// <summary>From 1, in the order given.</summary>
    public long Ordinal { get; init; }

    /// <summary>The coupon it gets, known beforehand.</summary>
    public Guid CouponId { get; init; }

    public string CustomerId { get; init; } = "";

    public string? GuideId { get; init; }

    public string? SourceLink { get; init; }

    public Guid? SessionId { get; init; }

    public Guid? ChannelId { get; init; }

    /// <summary>JSON.</summary>
    public string? Segments { get; init; }
}

internal static class IssueSql
{
    private const string Columns = "Seq, Id, CampaignId, Path, IssuedFrom, Status, Customers, Carried, Issued, CreatedAt, EndedAt";

    internal const string Insert =
        "INSERT INTO IssueJobs (Id, CampaignId, Path, IssuedFrom, Status, Customers, Carried, Issued, CreatedAt) " +
        "VALUES (@Id, @CampaignId, @Path, @IssuedFrom, 'Uploading', 0, 0, 0, @CreatedAt)";

    internal const string ById = $"SELECT {Columns} FROM IssueJobs WHERE Id = @Id";
    internal const string HoldById = $"SELECT {Columns} FROM IssueJobs{Sql.Held} WHERE Id = @Id";

    internal const string Page =
        $"SELECT {Columns} FROM IssueJobs WHERE CampaignId = @CampaignId AND {Sql.InScope} AND Status NOT IN ('Uploading', 'Discarded') AND Seq > @After ORDER BY Seq {Sql.Page}";

    /// <summary>No rows: it was given up meanwhile.</summary>
    internal const string Grow = "UPDATE IssueJobs SET Customers = Customers + @Count WHERE Seq = @Seq AND Status = 'Uploading'";

    internal const string InsertRows =
        "INSERT INTO IssueRows (JobSeq, Ordinal, CouponId, CustomerId, GuideId, SourceLink, SessionId, ChannelId, Segments) " +
        $"SELECT @Seq, {Sql.Field}(value, '$.Ordinal'), {Sql.Field}(value, '$.CouponId'), {Sql.Field}(value, '$.CustomerId'), {Sql.Field}(value, '$.GuideId'), " +
        $"{Sql.Field}(value, '$.SourceLink'), {Sql.Field}(value, '$.SessionId'), {Sql.Field}(value, '$.ChannelId'), {Sql.Field}(value, '$.Segments') FROM {Sql.Rows}";

    /// <summary>No rows: it is no longer where it was.</summary>
    internal const string Move = "UPDATE IssueJobs SET Status = @Status, EndedAt = @EndedAt WHERE Id = @Id AND Status = @Was";

    internal const string Progress = "UPDATE IssueJobs SET Carried = @Carried, Issued = @Issued, Status = @Status, EndedAt = @EndedAt WHERE Seq = @Seq";

    internal const string NextRows =
        "SELECT Ordinal, CouponId, CustomerId, GuideId, SourceLink, SessionId, ChannelId, Segments FROM IssueRows " +
        $"WHERE JobSeq = @Seq AND Ordinal > @Carried ORDER BY Ordinal {Sql.Page}";

    internal const string Refuse = $"UPDATE IssueRows SET Refusal = @Code WHERE JobSeq = @Seq AND Ordinal IN {Sql.Ids}";

    /// <summary>With the job as it is at the same moment: a row is done if the job has come that far.</summary>
    internal const string Outcomes =
        "SELECT r.Ordinal, r.CouponId, r.CustomerId, r.Refusal, j.Carried, j.Status FROM IssueRows r JOIN IssueJobs j ON j.Seq = r.JobSeq " +
        $"WHERE r.JobSeq = @Seq AND r.Ordinal > @After ORDER BY r.Ordinal {Sql.Page}";

    internal const string DropRows =
        $"DELETE FROM IssueRows WHERE JobSeq = @Seq AND Ordinal IN (SELECT Ordinal FROM IssueRows WHERE JobSeq = @Seq ORDER BY Ordinal {Sql.Page})";

    internal const string Drop = "DELETE FROM IssueJobs WHERE Seq = @Seq";
}

internal static class IssueRejections
{
    internal static readonly RejectionKind NotFound = new("issue.not_found", 404, "No such job within the caller's reach.");
    internal static readonly RejectionKind Finished = new("issue.finished", 409, "The job is finished.");
    internal static readonly RejectionKind RowsGone = new("issue.rows_gone", 410, "What became of each customer is no longer kept.");
    internal static readonly RejectionKind GivenUp = new("issue.given_up", 409, "The file took too long to arrive and was given up; send it again.");

    internal static Rejection Unknown(Guid id) => NotFound.Because($"No job {id}.");
}
