using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Issues;

/// <summary>How far a job is, and what became of each of its customers.</summary>
internal static class ReadIssues
{
    private static readonly string[] Header = ["row", "customerId", "outcome", "code", "couponId"];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/campaigns/{id:guid}/issues", async (Guid id, Caller caller, PageRequest page, CouponsDb db, CancellationToken ct) =>
                (await Page(db, caller, page, id, ct)).ToHttp())
            .Describe("ListIssues", "A campaign's jobs, of the caller's unit and below.")
            .Allow(Permission.ReadFigures).Paged().Gives<PageOf<IssueView>>().Rejects(CampaignRejections.NotFound);
        routes.MapGet("/issues/{id:guid}", async (Guid id, Caller caller, CouponsDb db, CancellationToken ct) =>
                (await Find(db, caller, id, ct)).Map(job => job.ToView()).ToHttp())
            .Describe("ReadIssue", "How far a job is.")
            .Allow(Permission.ReadFigures).Gives<IssueView>().Rejects(IssueRejections.NotFound);
        routes.MapGet("/issues/{id:guid}/rows.csv", async (Guid id, Caller caller, CouponsDb db, TimeProvider clock, CancellationToken ct) =>
                (await Rows(db, caller, id, clock.Now(), ct)).ToHttp())
            .Describe("DownloadIssueRows", "What became of each customer of a job, as a file.",
                "Columns: row (from 1, in the order given), customerId, outcome (Issued, Refused, Waiting or Cancelled), code (why it was refused) and couponId (if issued). " +
                $"Kept for {CarryIssue.KeepRows.Days} days after the job has ended.")
            .Allow(Permission.ReadFigures).GivesCsv().Rejects(IssueRejections.NotFound, IssueRejections.RowsGone);
    }

    internal static async Task<Result<IssueJobRow>> Find(CouponsDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<IssueJobRow>(IssueSql.ById, new { Id = id }, ct) is { Status: not (IssueStatus.Uploading or IssueStatus.Discarded) } job && caller.Covers(job.Path)
            ? job
            : IssueRejections.Unknown(id);

    private static async Task<Result<PageOf<IssueView>>> Page(CouponsDb db, Caller caller, PageRequest page, Guid campaignId, CancellationToken ct)
    {
        if ((await ReadCampaigns.Find(db, caller, campaignId, ct)).Rejection is { } unknown) return unknown;
        var rows = await db.Query<IssueJobRow>(IssueSql.Page, new { CampaignId = campaignId, caller.Scope, caller.ScopeEnd, page.After, page.Limit }, ct);
        return page.ToPage(rows, r => r.Seq, r => r.ToView());
    }

    private static async Task<Result<CsvAnswer<OutcomeRow>>> Rows(CouponsDb db, Caller caller, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        var found = await Find(db, caller, id, ct);
        return found.Rejection is null && found.Value.RowsUntil <= now ? IssueRejections.RowsGone.Because($"They were kept until {found.Value.RowsUntil:O}.") : found.Map(job => Rows(db, job));
    }

    private static CsvAnswer<OutcomeRow> Rows(CouponsDb db, IssueJobRow job) => new(
        $"issue-{job.Id}.csv", Header, db.Stream<OutcomeRow>(IssueSql.Outcomes, new { job.Seq }, r => r.Ordinal),
        static (line, row) => line.Add(row.Ordinal).Add(row.CustomerId).Add(row.Outcome).Add(row.Refusal).Add(row.IsIssued ? row.CouponId : null));

    private sealed class OutcomeRow
    {
        public long Ordinal { get; init; }

        public Guid CouponId { get; init; }

        public string CustomerId { get; init; } = "";

        public string? Refusal { get; init; }

        public long Carried { get; init; }

        public IssueStatus Status { get; init; }

        public bool IsIssued => Refusal is null && Ordinal <= Carried;

        public string Outcome => Refusal is not null ? "Refused" : IsIssued ? "Issued" : Status == IssueStatus.Cancelled ? "Cancelled" : "Waiting";
    }
}
