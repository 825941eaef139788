using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Brands;
using LiveCommerce.Organization.Mandates;
using LiveCommerce.Organization.Members;
using LiveCommerce.Organization.Units;

namespace LiveCommerce.Organization.Operations;

/// <summary>Publishes the state of everything once more, so that a new or restored service catches up.</summary>
internal static class RepublishOrganization
{
    /// <summary>How many of each were published.</summary>
    internal sealed record Response(int Units, int Brands, int Mandates, int Members);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/operations/republish", async (Caller caller, RepublishOrganizationHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, ct)).ToHttp(StatusCodes.Status202Accepted))
        .Describe(nameof(RepublishOrganization), "Publishes all units, brands, mandates and members again, each with the version it has; whoever has that version ignores it.")
        .Allow(Permission.Operate)
        .Gives<Response>(StatusCodes.Status202Accepted);
}

internal sealed class RepublishOrganizationHandler(OrganizationDb db)
{
    // Small enough that the writers between two pages hardly notice.
    private const int PageSize = 250;

    public async Task<Result<RepublishOrganization.Response>> Handle(Caller caller, CancellationToken ct)
    {
        var units = await Publish<UnitRow>(UnitSql.PageOfAll, r => r.Seq, UnitTree.ToEvents, ct);
        var brands = await Publish<BrandRow>(BrandSql.PageOfAll, r => r.Seq, (_, rows) => Told(rows.Select(r => r.ToEvent())), ct);
        var mandates = await Publish<MandateRow>(MandateSql.PageOfAll, r => r.Seq, (_, rows) => Told(rows.Select(r => r.ToEvent())), ct);
        var members = await Publish<MemberRow>(MemberSql.PageOfAll, r => r.Seq, (_, rows) => Told(rows.Select(r => r.ToEvent())), ct);
        // Recorded last: asked again after a crash half-way, it starts over, which harms nobody.
        return await db.InTransaction<RepublishOrganization.Response>(
            caller.Write, _ => Task.FromResult<Result<RepublishOrganization.Response>>(new RepublishOrganization.Response(units, brands, mandates, members)), ct);
    }

    private static Task<IReadOnlyList<object>> Told(IEnumerable<object> events) => Task.FromResult<IReadOnlyList<object>>([.. events]);

    private async Task<int> Publish<TRow>(
        string sql, Func<TRow, long> seq, Func<UnitOfWork, IReadOnlyList<TRow>, Task<IReadOnlyList<object>>> toEvents, CancellationToken ct)
    {
        var count = 0;
        long after = 0;
        while (true)
        {
            var page = await db.InTransaction<List<TRow>>(async work =>
            {
                var rows = await work.Query<TRow>(sql, new { After = after, Limit = PageSize });
                foreach (var told in await toEvents(work, rows)) work.Publish(told);
                return rows.ToList();
            }, ct);
            count += page.Value.Count;
            if (page.Value.Count < PageSize) return count;
            after = seq(page.Value[^1]);
        }
    }
}
