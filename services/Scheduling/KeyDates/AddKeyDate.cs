using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Sessions;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.KeyDates;

/// <summary>Puts a key date on the calendar of a unit and of all below it.</summary>
internal static class AddKeyDate
{
    internal const int LongestLeadTimeDays = 365;

    /// <param name="UnitId">Whose calendar; the units below see it.</param>
    /// <param name="Title">For people; 1 to 200 characters.</param>
    /// <param name="StartsAt">Inclusive.</param>
    /// <param name="EndsAt">Exclusive.</param>
    /// <param name="LeadTimeDays">How long before it the planning should begin; 0 to 365.</param>
    /// <param name="Kind">Festival, MallEvent or Other.</param>
    /// <param name="BrandIds">At most 50 brands it matters to; all unless given.</param>
    internal sealed record Request(
        Guid UnitId,
        string Title,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        int? LeadTimeDays = null,
        KeyDateKind Kind = KeyDateKind.Other,
        IReadOnlyList<Guid>? BrandIds = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(Title, "/title").Order(StartsAt, EndsAt, "/endsAt").Known(Kind, "/kind").Size(BrandIds ?? [], 0, 50, "/brandIds").Distinct(BrandIds, "/brandIds");
            if (LeadTimeDays is { } days) faults.Range(days, 0, LongestLeadTimeDays, "/leadTimeDays");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/key-dates", async (Body<Request> body, Caller caller, AddKeyDateHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(AddKeyDate), "Puts a festival or an event on the calendar of a unit and of all below it.")
        .Allow(Permission.ManagePlan)
        .Example(new Request(Guid.Empty, "Singles' Day", new DateTimeOffset(2026, 11, 10, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 11, 16, 0, 0, TimeSpan.Zero), 30))
        .Gives<KeyDateView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, SessionRejections.BrandUnknown);
}

internal sealed class AddKeyDateHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<KeyDateView>> Handle(Caller caller, AddKeyDate.Request body, CancellationToken ct) =>
        db.InTransaction<KeyDateView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }) is not { } unit)
                return UnitRejections.Unknown(body.UnitId);
            if (await EditKeyDateHandler.UnknownBrands(work, unit.Path, body.BrandIds) is { } unknown) return unknown;
            var date = new KeyDateRow
            {
                Id = clock.NewId(),
                UnitId = unit.Id,
                Path = unit.Path,
                Title = body.Title,
                StartsAt = body.StartsAt,
                EndsAt = body.EndsAt,
                LeadTimeDays = body.LeadTimeDays,
                Kind = body.Kind,
                BrandIds = Sql.Json(body.BrandIds ?? []),
            };
            await work.Execute(KeyDateSql.Insert, date.ToParameters());
            return date.ToView();
        }, ct);
}
