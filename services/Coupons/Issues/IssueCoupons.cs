using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Contracts.Coupons;
using LiveCommerce.Coupons.Campaigns;
using LiveCommerce.Coupons.Claims;
using LiveCommerce.Coupons.Quotas;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace LiveCommerce.Coupons.Issues;

/// <summary>Pushes a coupon to each customer of a list, in the background.</summary>
internal static class IssueCoupons
{
    internal const int MostCustomers = 10_000;
    internal const long LargestFile = 256L << 20;
    internal const long LargestJson = 1L << 20;

    /// <param name="CustomerId">The shop's own id of the customer, 1 to 64 characters.</param>
    /// <param name="GuideId">The guide to credit, 1 to 64 characters.</param>
    /// <param name="SourceLink">Why they get it, in the marketer's own words, 1 to 200 characters.</param>
    /// <param name="SessionId">The session to credit, whose allocation is drawn on.</param>
    /// <param name="ChannelId">The channel to credit.</param>
    /// <param name="Segments">The segments the customer is in, for campaigns that are for some only.</param>
    internal sealed record Receiver(
        string CustomerId, string? GuideId = null, string? SourceLink = null, Guid? SessionId = null, Guid? ChannelId = null, IReadOnlyList<string>? Segments = null);

    /// <param name="Customers">1 to 10,000; a customer named twice gets two, if one may have two.</param>
    internal sealed record Request(IReadOnlyList<Receiver> Customers) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Customers, 1, MostCustomers, "/customers");
            for (var i = 0; i < Customers.Count; i++)
            {
                var (at, receiver) = ($"/customers/{i}", Customers[i]);
                faults.Text(receiver.CustomerId, $"{at}/customerId", ClaimCoupon.LongestId)
                    .OptionalText(receiver.GuideId, $"{at}/guideId", ClaimCoupon.LongestId)
                    .OptionalText(receiver.SourceLink, $"{at}/sourceLink", ClaimCoupon.LongestLink);
                if (receiver.Segments is not { } segments) continue;
                faults.Size(segments, 0, ClaimCoupon.MostSegments, $"{at}/segments");
                for (var s = 0; s < segments.Count; s++) faults.Text(segments[s], $"{at}/segments/{s}", CampaignScope.LongestSegment);
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/campaigns/{id:guid}/issues", async (Guid id, HttpContext context, Caller caller, IssueCouponsHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, context, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(IssueCoupons), "Issues a coupon to each customer of a list, in the background.",
            "JSON for up to 10,000 customers, or text/csv for up to 1,000,000: UTF-8, RFC 4180 quotes, at most 256 MiB; column customerId and, if wanted, " +
            "guideId, sourceLink, sessionId, channelId and segments (with semicolons between them), in any order. If any line is faulty, nothing is issued. " +
            "It comes out of the caller's unit's allocation, or of the campaign itself for its owner and those above. The claim window does not hold; stock, allocations, budget, limits per customer and segments do. A paused campaign's jobs wait.")
        .WithMetadata(new RequestSizeLimitAttribute(LargestFile))
        .Accepts<Request>("application/json", "text/csv")
        .Allow(Permission.ManageCampaigns)
        .Example(new Request([new Receiver("customer-4711", "guide-12", "sorry-for-the-delay")]))
        .Gives<IssueView>(StatusCodes.Status202Accepted)
        .Rejects(
            CampaignRejections.NotFound, QuotaRejections.NoAllocation, ClaimRejections.NotIssuing, IssueRejections.GivenUp, CsvRejections.HasFaults, CsvRejections.MissingColumn,
            CsvRejections.UnknownColumn, CsvRejections.RepeatedColumn, CsvRejections.Empty, CsvRejections.NotUtf8,
            CsvRejections.Malformed, CsvRejections.TooManyLines);
}

internal sealed class IssueCouponsHandler(CouponsDb db, TimeProvider clock)
{
    public async Task<Result<IssueView>> Handle(Caller caller, Guid campaignId, HttpContext context, CancellationToken ct)
    {
        if (await db.Find<CampaignRow>(CampaignSql.ById, new { Id = campaignId }, ct) is not { } campaign || !caller.Sees(campaign.Path))
            return CampaignRejections.Unknown(campaignId);
        var path = caller.Covers(campaign.Path) ? campaign.Path : caller.Path;
        var nodes = await db.Query<QuotaNode>(QuotaSql.OfCampaign, new { CampaignId = campaignId }, ct);
        var source = nodes.Where(n => n.Kind == QuotaKind.Unit && UnitPath.Covers(n.Path, path)).MaxBy(n => n.Path.Length)!;
        if (!caller.Covers(source.Path)) return QuotaRejections.NoAllocation.Because($"It would come out of what {source.Path} has.");
        if (campaign.Status is not (CampaignStatus.Issuing or CampaignStatus.Paused)) return ClaimRejections.NotIssuing.Because($"The campaign is {campaign.Status}.");
        var job = new IssueJobRow
        {
            Id = clock.NewId(),
            CampaignId = campaignId,
            Path = path,
            IssuedFrom = caller.Path,
            Status = IssueStatus.Running,
            CreatedAt = clock.Now(),
        };
        if (context.Request.HasJsonContentType()) return await FromJson(caller, job, context, ct);
        return context.Request.ContentType?.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) == true
            ? await FromFile(caller, job, context.Request, ct)
            : CommonRejections.UnsupportedMediaType.Because("Send application/json or text/csv.");
    }

    private async Task<Result<IssueView>> FromJson(Caller caller, IssueJobRow job, HttpContext context, CancellationToken ct)
    {
        // Unlike a file, this is in memory whole.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = IssueCoupons.LargestJson;
        var body = (await Body<IssueCoupons.Request>.BindAsync(context, null!))!.Value;
        var rows = body.Customers.Select((c, i) => new IssueRow
        {
            Ordinal = i + 1,
            CouponId = clock.NewId(),
            CustomerId = c.CustomerId,
            GuideId = c.GuideId,
            SourceLink = c.SourceLink,
            SessionId = c.SessionId,
            ChannelId = c.ChannelId,
            Segments = c.Segments is null ? null : Sql.Json(c.Segments),
        });
        return await Store(caller, job, rows.Chunk(IssueFile.BatchSize).ToAsyncEnumerable(), () => null, ct);
    }

    private async Task<Result<IssueView>> FromFile(Caller caller, IssueJobRow job, HttpRequest request, CancellationToken ct)
    {
        using var hash = SHA256.Create();
        await using var body = new CryptoStream(request.Body, hash, CryptoStreamMode.Read, leaveOpen: true);
        var file = new IssueFile(clock);
        return await Store(caller, job, file.Read(body, ct), () =>
        {
            if (caller.Write is { IdempotencyKey: not null } write)
                write.RequestHash = Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Path}\n"), .. hash.Hash!]));
            return file.Faults.Count == 0
                ? null
                : CsvRejections.Refused(file.Faults.List, file.Faults.Count, "nothing was issued.");
        }, ct);
    }

    /// <summary>Stores the rows as they come, batch by batch; only the last transaction makes a job of them.</summary>
    private async Task<Result<IssueView>> Store(
        Caller caller, IssueJobRow job, IAsyncEnumerable<IReadOnlyList<IssueRow>> batches, Func<Rejection?> judge, CancellationToken ct)
    {
        long? seq = null;
        var isKept = false;
        try
        {
            await foreach (var batch in batches)
            {
                seq ??= await Begin(job, ct);
                if ((await Append(job.Id, seq.Value, batch, ct)).Rejection is { } givenUp) return givenUp;
            }
            if (judge() is { } refused) return refused;
            var kept = await db.InTransaction<IssueView>(caller.Write, async work =>
            {
                if (await work.Execute(IssueSql.Move, new { job.Id, Status = nameof(IssueStatus.Running), Was = nameof(IssueStatus.Uploading), EndedAt = (DateTimeOffset?)null }) == 0)
                    return IssueRejections.GivenUp.Because("Send it again.");
                await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(job.Id), work.Now);
                return (await work.Find<IssueJobRow>(IssueSql.ById, new { job.Id }))!.ToView();
            }, ct);
            // Not kept either: the repeat of a request that was answered before, with the first one's job.
            isKept = !kept.IsRejected && kept.Value.Id == job.Id;
            return kept;
        }
        finally
        {
            if (seq is not null && !isKept) await Discard(job.Id);
        }
    }

    private async Task<long> Begin(IssueJobRow job, CancellationToken ct) => (await db.InTransaction<long>(async work =>
    {
        await work.Execute(IssueSql.Insert, new { job.Id, job.CampaignId, job.Path, job.IssuedFrom, job.CreatedAt });
        // Should this process end before the file does, what is stored of it goes.
        await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(job.Id), work.Now + CarryIssue.GiveUpAfter);
        return (await work.Find<IssueJobRow>(IssueSql.ById, new { job.Id }))!.Seq;
    }, ct)).Value;

    private Task<Result<Done>> Append(Guid id, long seq, IReadOnlyList<IssueRow> batch, CancellationToken ct) => db.InTransaction<Done>(async work =>
    {
        if (await work.Execute(IssueSql.Grow, new { Seq = seq, batch.Count }) == 0) return IssueRejections.GivenUp.Because($"Nothing came for {CarryIssue.GiveUpAfter.TotalMinutes} minutes.");
        await work.Execute(IssueSql.InsertRows, new { Seq = seq, Rows = Sql.Json(batch) });
        await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(id), work.Now + CarryIssue.GiveUpAfter);
        return new Done();
    }, ct);

    private Task<Result<Done>> Discard(Guid id) => db.InTransaction<Done>(async work =>
    {
        await work.Execute(IssueSql.Move, new { Id = id, Status = nameof(IssueStatus.Discarded), Was = nameof(IssueStatus.Uploading), EndedAt = (DateTimeOffset?)null });
        await work.Schedule(CarryIssue.Name, CarryIssue.KeyOf(id), work.Now);
        return new Done();
    });
}
