using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Issues;

/// <summary>
/// Does the next part of a job: progress, refusals and coupons in one transaction, so that a part is done or not, whatever
/// happens to the process, and claims get their turn between two parts. Long after its end it drops the job's rows, in parts too.
/// </summary>
internal sealed class CarryIssue(Claiming claiming) : IDueWork
{
    internal const string Name = "carry-issue";

    internal const int ChunkSize = 250;

    /// <summary>How long nothing may come of a file before it is given up.</summary>
    internal static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(30);

    /// <summary>How soon to look whether a paused campaign was resumed.</summary>
    internal static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>What became of each customer of a job is kept so long after its end; there may be a million.</summary>
    internal static readonly TimeSpan KeepRows = TimeSpan.FromDays(30);

    private const int DropSize = 2000;

    public string Kind => Name;

    internal static string KeyOf(Guid id) => id.ToString("D");

    public async Task Carry(UnitOfWork work, string key)
    {
        var id = Guid.ParseExact(key, "D");
        if (await work.Find<IssueJobRow>(IssueSql.HoldById, new { Id = id }) is not { } job) return;
        switch (job.Status)
        {
            case IssueStatus.Running:
                await Issue(work, job, key);
                break;
            case IssueStatus.Uploading or IssueStatus.Discarded:
                await Drop(work, job, key);
                break;
            case IssueStatus.Finished or IssueStatus.Cancelled when job.RowsUntil <= work.Now:
                if (await DropRows(work, job)) await work.Schedule(Kind, key, work.Now);
                break;
            default:
                break;
        }
    }

    private async Task Issue(UnitOfWork work, IssueJobRow job, string key)
    {
        if (await work.Scalar<string>(CampaignSql.StatusOf, new { Id = job.CampaignId }) == nameof(CampaignStatus.Paused))
        {
            await work.Schedule(Kind, key, work.Now + LookAgainAfter);
            return;
        }
        var rows = await work.Query<IssueRow>(IssueSql.NextRows, new { job.Seq, job.Carried, Limit = ChunkSize });
        var asks = rows.Select(r => new ClaimAsk(
            job.IssuedFrom, r.CouponId, job.CampaignId, r.CustomerId, r.SessionId, r.ChannelId, r.GuideId, r.SourceLink,
            r.Segments is null ? null : Sql.FromJson<string[]>(r.Segments), CouponOrigin.Issue)).ToList();
        var results = await claiming.CarryOut(work, asks);
        var refused = rows.Zip(results).Where(r => r.Second.IsRejected).GroupBy(r => r.Second.Rejection!.Kind.Code, r => r.First.Ordinal);
        foreach (var group in refused) await work.Execute(IssueSql.Refuse, new { job.Seq, Code = group.Key, Ids = Sql.Json(group) });
        var carried = job.Carried + rows.Count;
        var isEnd = carried >= job.Customers;
        await work.Execute(IssueSql.Progress, new
        {
            job.Seq,
            Carried = carried,
            Issued = job.Issued + results.Count(r => !r.IsRejected),
            Status = (isEnd ? IssueStatus.Finished : IssueStatus.Running).ToString(),
            EndedAt = isEnd ? work.Now : (DateTimeOffset?)null,
        });
        await work.Schedule(Kind, key, isEnd ? work.Now + KeepRows : work.Now);
    }

    private async Task Drop(UnitOfWork work, IssueJobRow job, string key)
    {
        if (job.Status == IssueStatus.Uploading)
            await work.Execute(IssueSql.Move, new { job.Id, Status = nameof(IssueStatus.Discarded), Was = nameof(IssueStatus.Uploading), EndedAt = (DateTimeOffset?)null });
        if (await DropRows(work, job)) await work.Schedule(Kind, key, work.Now);
        else await work.Execute(IssueSql.Drop, new { job.Seq });
    }

    /// <returns>True if there may be more.</returns>
    private static async Task<bool> DropRows(UnitOfWork work, IssueJobRow job) => await work.Execute(IssueSql.DropRows, new { job.Seq, Limit = DropSize }) == DropSize;
}
