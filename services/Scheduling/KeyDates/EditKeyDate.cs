using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>Changes a key date, or takes it off the calendar.</summary>
internal static class EditKeyDate
{
    /// <param name="Title">For people; 1 to 200 characters.</param>
    /// <param name="StartsAt">Inclusive.</param>
    /// <param name="EndsAt">Exclusive.</param>
    /// <param name="LeadTimeDays">How long before it the planning should begin; 0 to 365.</param>
    /// <param name="Kind">Festival, MallEvent or Other.</param>
    /// <param name="BrandIds">At most 50 brands it matters to; all unless given.</param>
    internal sealed record Request(
        string Title,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        int? LeadTimeDays = null,
        KeyDateKind Kind = KeyDateKind.Other,
        IReadOnlyList<Guid>? BrandIds = null) : IValidated
    {
        public void Validate(Faults faults) => new AddKeyDate.Request(Guid.Empty, Title, StartsAt, EndsAt, LeadTimeDays, Kind, BrandIds).Validate(faults);
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/key-dates/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditKeyDateHandler handler, CancellationToken ct) =>
                (await handler.Edit(caller, id, body.Value, ifMatch, ct)).ToHttp())
            .Describe(nameof(EditKeyDate), "Changes a key date.")
            .Allow(Permission.ManagePlan).Conditional()
            .Example(new Request("Singles' Day", new DateTimeOffset(2026, 11, 10, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 11, 16, 0, 0, TimeSpan.Zero), 45, KeyDateKind.Festival))
            .Gives<KeyDateView>()
            .Rejects(KeyDateRejections.NotFound, SessionRejections.BrandUnknown);

        routes.MapPost("/key-dates/{id:guid}/remove", async (Guid id, Caller caller, EditKeyDateHandler handler, CancellationToken ct) => (await handler.Remove(caller, id, ct)).ToHttp())
            .Describe("RemoveKeyDate", "Takes a key date off the calendar, and answers it as it was.")
            .Allow(Permission.ManagePlan)
            .Gives<KeyDateView>()
            .Rejects(KeyDateRejections.NotFound);
    }
}

internal sealed class EditKeyDateHandler(SchedulingDb db)
{
    public Task<Result<KeyDateView>> Edit(Caller caller, Guid id, EditKeyDate.Request body, IfMatch ifMatch, CancellationToken ct) =>
        db.InTransaction<KeyDateView>(caller.Write, async work =>
        {
            if (await work.Find<KeyDateRow>(KeyDateSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } date) return KeyDateRejections.Unknown(id);
            work.Audited(date.ToView());
            if (ifMatch.Check(date.Version) is { } stale) return stale;
            if (await UnknownBrands(work, date.Path, body.BrandIds) is { } unknown) return unknown;
            date = date with
            {
                Title = body.Title,
                StartsAt = body.StartsAt,
                EndsAt = body.EndsAt,
                LeadTimeDays = body.LeadTimeDays,
                Kind = body.Kind,
                BrandIds = Sql.Json(body.BrandIds ?? []),
            };
            if (await work.Execute(KeyDateSql.Update, date.ToParameters()) == 0) return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            return (date with { Version = date.Version + 1 }).ToView();
        }, ct);

    public Task<Result<KeyDateView>> Remove(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<KeyDateView>(caller.Write, async work =>
        {
            if (await work.Find<KeyDateRow>(KeyDateSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is not { } date || await work.Execute(KeyDateSql.Delete, new { Id = id }) == 0)
                return KeyDateRejections.Unknown(id);
            work.Audited(date.ToView(), new Done());
            return date.ToView();
        }, ct);

    public static async Task<Rejection?> UnknownBrands(UnitOfWork work, string path, IReadOnlyList<Guid>? brandIds)
    {
        if (brandIds is not { Count: > 0 }) return null;
        var known = await work.Query<Guid>(BrandSql.OfHeadquarters, new { HeadquartersPath = UnitPath.Headquarters(path), Ids = Sql.Json(brandIds) });
        var unknown = brandIds.Except(known).ToList();
        return unknown.Count == 0 ? null : SessionRejections.BrandUnknown.Because($"No brand {string.Join(", ", unknown)}.").With("brandIds", unknown);
    }
}
