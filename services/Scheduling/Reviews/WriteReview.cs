using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Reviews;

/// <summary>Writes what is to be learned of a session: once in words, once in figures.</summary>
internal static class WriteReview
{
    private const int LongestSummary = 4000;
    private const int LongestPoint = 500;
    private const int MostPoints = 20;

    /// <param name="Summary">For people; 1 to 4,000 characters, line breaks allowed.</param>
    /// <param name="Strengths">What to do again; at most 20 of 1 to 500 characters.</param>
    /// <param name="Improvements">What to do otherwise; at most 20 of 1 to 500 characters.</param>
    internal sealed record QualitativeRequest(string Summary, IReadOnlyList<string>? Strengths = null, IReadOnlyList<string>? Improvements = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            Prose(faults, Summary);
            Points(faults, Strengths ?? [], "/strengths");
            Points(faults, Improvements ?? [], "/improvements");
        }
    }

    /// <param name="Summary">For people; 1 to 4,000 characters, line breaks allowed.</param>
    /// <param name="Figures">What the session came to.</param>
    internal sealed record QuantitativeRequest(string Summary, SessionFigures Figures) : IValidated
    {
        public void Validate(Faults faults)
        {
            Prose(faults, Summary);
            Figures.Validate(faults, "/figures");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/sessions/{id:guid}/reviews/qualitative", async (Guid id, Body<QualitativeRequest> body, IfMatch ifMatch, Caller caller, WriteReviewHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, ifMatch, ReviewKind.Qualitative, body.Value.Summary, new ReviewDetails(body.Value.Strengths ?? [], body.Value.Improvements ?? [], null), ct)).ToHttp())
            .Describe("WriteQualitativeReview", "Writes, or rewrites, what was good and what was not; from the session's end on.",
                "If-Match is the review's, 0 the first time. What was written first, and when, counts for the checklist.")
            .Allow(Permission.WorkTasks).Conditional()
            .Example(new QualitativeRequest("Full room; the second hour dragged.", ["Host and model in step"], ["Shorter explanations after the first hour"]))
            .Gives<ReviewView>()
            .Rejects(SessionRejections.NotFound, ReviewRejections.NotEnded);
        routes.MapPut("/sessions/{id:guid}/reviews/quantitative", async (Guid id, Body<QuantitativeRequest> body, IfMatch ifMatch, Caller caller, WriteReviewHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, ifMatch, ReviewKind.Quantitative, body.Value.Summary, new ReviewDetails([], [], body.Value.Figures), ct)).ToHttp())
            .Describe("WriteQuantitativeReview", "Writes, or rewrites, what the session came to; from three days after its end on, or a day before its review ends if that is earlier.",
                "If-Match is the review's, 0 the first time. The answer holds the figures against the session's goals.")
            .Allow(Permission.WorkTasks).Conditional()
            .Example(new QuantitativeRequest("Sales above the goal, conversion below.", new SessionFigures(210_000, 5_900, 251_000_000, 18_400)))
            .Gives<ReviewView>()
            .Rejects(SessionRejections.NotFound, ReviewRejections.NotEnded, ReviewRejections.TooEarly);
    }

    private static void Prose(Faults faults, string? text) => faults.Check(
        text is { Length: >= 1 and <= LongestSummary } && text.Trim().Length == text.Length && !text.Any(c => char.IsControl(c) && c != '\n'),
        "/summary", "text.invalid", $"Must be 1 to {LongestSummary} characters, without blanks around them and without control characters but line breaks.");

    private static void Points(Faults faults, IReadOnlyList<string> points, string at)
    {
        faults.Size(points, 0, MostPoints, at);
        for (var i = 0; i < Math.Min(points.Count, MostPoints); i++) faults.Text(points[i], $"{at}/{i}", LongestPoint);
    }
}

internal sealed class WriteReviewHandler(SchedulingDb db)
{
    public Task<Result<ReviewView>> Handle(
        Caller caller, Guid id, IfMatch ifMatch, ReviewKind kind, string summary, ReviewDetails details, CancellationToken ct) =>
        db.InTransaction<ReviewView>(caller.Write, async work =>
        {
            if (await SessionTasks.Take(work, caller, id) is not { } session) return SessionRejections.Unknown(id);
            if (session.Status is not (SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed))
                return ReviewRejections.NotEnded.Because($"The session is {session.Status}.");
            var opensAt = ReviewRule.OpensAt(kind, session.Phases);
            if (work.Now < opensAt) return ReviewRejections.TooEarly.Because($"From {opensAt:O} on.").With("opensAt", opensAt);

            var held = await work.Find<ReviewRow>(ReviewSql.OfKind, new { SessionId = id, Kind = kind.ToString() });
            if (held is not null) work.Audited(held.ToView(session));
            if (ifMatch.Check(held?.Version ?? 0) is { } stale) return stale;
            var review = new ReviewRow
            {
                SessionId = id,
                Kind = kind,
                Version = (held?.Version ?? 0) + 1,
                Summary = summary,
                Details = Sql.Json(details),
                SalesMinor = details.Figures?.SalesMinor,
                WrittenAt = held?.WrittenAt ?? work.Now,
                ChangedAt = work.Now,
                ById = caller.Write.ActorId,
                ByName = caller.Write.ActorName,
            };
            await work.Upsert(ReviewSql.Update, ReviewSql.Insert, review.ToParameters());
            await SessionFacts.Report(
                work, id, kind == ReviewKind.Qualitative ? TaskTrigger.QualitativeReviewWritten : TaskTrigger.QuantitativeReviewWritten, review.WrittenAt);
            return review.ToView(session);
        }, ct);
}
