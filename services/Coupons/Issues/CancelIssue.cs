using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Issues;

/// <summary>Ends a job before its end.</summary>
internal static class CancelIssue
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/issues/{id:guid}/cancel", async (Guid id, Caller caller, CancelIssueHandler handler, CancellationToken ct) => (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(CancelIssue), "Ends a job: who has a coupon keeps it, nobody else gets one. Safe to repeat.")
        .Allow(Permission.ManageCampaigns)
        .Gives<IssueView>()
        .Rejects(IssueRejections.NotFound, IssueRejections.Finished);
}

internal sealed class CancelIssueHandler(CouponsDb db)
{
    public async Task<Result<IssueView>> Handle(Caller caller, Guid id, CancellationToken ct)
    {
        var found = await ReadIssues.Find(db, caller, id, ct);
        if (found.Rejection is { } unknown) return unknown;
        return await db.InTransaction<IssueView>(caller.Write, async work =>
        {
            work.Audited((await work.Find<IssueJobRow>(IssueSql.ById, new { Id = id }))!.ToView());
            var moved = await work.Execute(IssueSql.Move, new { Id = id, Status = nameof(IssueStatus.Cancelled), Was = nameof(IssueStatus.Running), EndedAt = work.Now });
            var job = (await work.Find<IssueJobRow>(IssueSql.ById, new { Id = id }))!;
            if (moved == 0 && job.Status != IssueStatus.Cancelled) return IssueRejections.Finished.Because($"It is {job.Status}.");
            if (moved == 1) await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(id), job.RowsUntil!.Value);
            return job.ToView();
        }, ct);
    }
}
