using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Scheduling.Scores;

namespace LiveCommerce.Scheduling.Sessions;

/// <summary>Says again how every session that has been in the plan stands, for a service that is new or was restored.</summary>
internal static class RepublishSessions
{
    /// <param name="Sessions">How many were put into the outbox.</param>
    internal sealed record Response(int Sessions);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/republish", async (RepublishSessionsHandler handler, CancellationToken ct) =>
            (await handler.Handle(ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(RepublishSessions), "Publishes every session's state again, at its version, so that a new or restored service catches up.")
        .Allow(Permission.Operate)
        .Gives<Response>(StatusCodes.Status202Accepted);
}

internal sealed class RepublishSessionsHandler(SchedulingDb db)
{
    /// <summary>A transaction of this many holds nobody up for long.</summary>
    private const int BatchSize = 200;

    public async Task<Result<RepublishSessions.Response>> Handle(CancellationToken ct)
    {
        var published = 0;
        for (long after = 0; ;)
        {
            var batch = await db.InTransaction<IReadOnlyList<SessionRow>>(async work =>
            {
                var rows = await work.Query<SessionRow>(SessionSql.Published, new { After = after, Limit = BatchSize });
                // Of a change that waits for approval nobody hears before it is decided on.
                foreach (var row in rows.Where(r => r.Status != SessionStatus.Submitted)) work.Publish(ToEvent(row, row.ToState()));
                await Scoring.TellAgain(work, rows);
                return rows.ToArray();
            }, ct);
            published += batch.Value.Count;
            if (batch.Value.Count < BatchSize) return new RepublishSessions.Response(published);
            after = batch.Value[^1].Seq;
        }
    }

    /// <summary>One that asks again is told of as waiting for its time.</summary>
    private static object ToEvent(SessionRow row, SessionState state) => state.Status switch
    {
        SessionStatus.Scheduled => new SessionScheduled(state),
        SessionStatus.WarmUp => new SessionEnteredWarmUp(state),
        SessionStatus.Live => new SessionWentLive(state),
        SessionStatus.Ended => new SessionEnded(state),
        SessionStatus.InReview => new SessionEnteredReview(state),
        SessionStatus.Closed => new SessionClosed(state),
        SessionStatus.Cancelled => new SessionCancelled(state),
        // Whatever was free for it then may not be so any more.
        SessionStatus.Displaced => new SessionDisplaced(state, row.DisplacedBySessionId ?? Guid.Empty, []),
        _ => throw new InvalidOperationException($"Session {row.Id} is {row.Status} and was published."),
    };
}
