using System.Text.Json.Serialization;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Reviews;

/// <summary>Which of a session's two reviews.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewKind>))]
internal enum ReviewKind
{
    /// <summary>What was good and what was not, written right after the end.</summary>
    Qualitative,

    /// <summary>What it came to, written when the figures have settled.</summary>
    Quantitative,
}

/// <summary>What a review says besides its summary; what does not go with its kind is empty.</summary>
internal sealed record ReviewDetails(IReadOnlyList<string> Strengths, IReadOnlyList<string> Improvements, SessionFigures? Figures);

internal sealed record ReviewRow
{
    public Guid SessionId { get; init; }

    public ReviewKind Kind { get; init; }

    public long Version { get; init; }

    public string Summary { get; init; } = "";

    /// <summary>JSON of <see cref="ReviewDetails"/>.</summary>
    public string Details { get; init; } = "{}";

    /// <summary>That of the figures, for sums over sessions.</summary>
    public long? SalesMinor { get; init; }

    /// <summary>First.</summary>
    public DateTimeOffset WrittenAt { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public string ById { get; init; } = "";

    public string ByName { get; init; } = "";

    public ReviewView ToView(SessionRow session)
    {
        var details = Sql.FromJson<ReviewDetails>(Details);
        var goals = session.Goals is null ? null : Sql.FromJson<SessionGoals>(session.Goals);
        return new ReviewView
        {
            SessionId = SessionId,
            Kind = Kind,
            Version = Version,
            Summary = Summary,
            Strengths = details.Strengths,
            Improvements = details.Improvements,
            Figures = details.Figures,
            Outcome = details.Figures is null ? null : FiguresView.Of(details.Figures, goals),
            WrittenAt = WrittenAt,
            ChangedAt = ChangedAt,
            By = ByName,
        };
    }

    /// <summary>Enums as names: Dapper would write numbers.</summary>
    public object ToParameters() => new { SessionId, Kind = Kind.ToString(), Version, Summary, Details, SalesMinor, WrittenAt, ChangedAt, ById, ByName };
}

/// <summary>What was written of a session.</summary>
internal sealed record ReviewView : IVersioned
{
    public required Guid SessionId { get; init; }

    public required ReviewKind Kind { get; init; }

    public required long Version { get; init; }

    public required string Summary { get; init; }

    public required IReadOnlyList<string> Strengths { get; init; }

    public required IReadOnlyList<string> Improvements { get; init; }

    /// <summary>As written; null in a qualitative review.</summary>
    public required SessionFigures? Figures { get; init; }

    /// <summary>The figures by the formula of the goals, and against them; null in a qualitative review.</summary>
    public required FiguresView? Outcome { get; init; }

    /// <summary>When it was written first: what counts for the checklist.</summary>
    public required DateTimeOffset WrittenAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string By { get; init; }
}

/// <summary>From when a review can be written.</summary>
internal static class ReviewRule
{
    private static readonly TimeSpan FiguresSettle = TimeSpan.FromDays(3);
    private static readonly TimeSpan LeastTimeToWrite = TimeSpan.FromDays(1);

    /// <summary>
    /// The qualitative one at once; the quantitative one three days after the end, or a day before the session's review
    /// ends if that is earlier.
    /// </summary>
    public static DateTimeOffset OpensAt(ReviewKind kind, SessionPhases phases)
    {
        if (kind == ReviewKind.Qualitative) return phases.LiveEndsAt;
        var settled = phases.LiveEndsAt + FiguresSettle;
        var latest = phases.ReviewEndsAt - LeastTimeToWrite;
        var opens = settled < latest ? settled : latest;
        return opens > phases.LiveEndsAt ? opens : phases.LiveEndsAt;
    }
}

internal static class ReviewSql
{
    private const string Columns = "SessionId, Kind, Version, Summary, Details, SalesMinor, WrittenAt, ChangedAt, ById, ByName";

    internal const string OfSession = $"SELECT {Columns} FROM Reviews WHERE SessionId = @SessionId";
    internal const string OfKind = $"{OfSession} AND Kind = @Kind";

    internal const string Insert =
        $"INSERT INTO Reviews ({Columns}) VALUES (@SessionId, @Kind, @Version, @Summary, @Details, @SalesMinor, @WrittenAt, @ChangedAt, @ById, @ByName)";

    internal const string Update =
        "UPDATE Reviews SET Version = @Version, Summary = @Summary, Details = @Details, SalesMinor = @SalesMinor, ChangedAt = @ChangedAt, ById = @ById, ByName = @ByName " +
        "WHERE SessionId = @SessionId AND Kind = @Kind AND Version = @Version - 1";
}

internal static class ReviewRejections
{
    internal static readonly RejectionKind NotEnded = new("review.not_ended", 409, "Only what has been on the air, and is not any more, can be reviewed.");
    internal static readonly RejectionKind TooEarly = new("review.too_early", 409, "The figures have not settled yet; opensAt says from when the review can be written.");
}
