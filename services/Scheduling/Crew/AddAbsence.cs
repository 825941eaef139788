using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Resources;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Enters a time somebody is away, and takes it back.</summary>
internal static class AddAbsence
{
    private const int LongestDays = 400;
    private const int LongestReason = 200;

    /// <param name="StartsAt">Inclusive.</param>
    /// <param name="EndsAt">Exclusive; at most 400 days later.</param>
    /// <param name="Reason">For people; 1 to 200 characters.</param>
    internal sealed record Request(DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Reason = null) : IValidated
    {
        public void Validate(Faults faults) => faults
            .Order(StartsAt, EndsAt, "/endsAt")
            .Check(EndsAt - StartsAt <= TimeSpan.FromDays(LongestDays), "/endsAt", "window.too_long", $"Must be at most {LongestDays} days after the start.")
            .OptionalText(Reason, "/reason", LongestReason);
    }

    /// <param name="Id">The absence.</param>
    /// <param name="PersonId">Whose.</param>
    /// <param name="StartsAt">Inclusive.</param>
    /// <param name="EndsAt">Exclusive.</param>
    /// <param name="Reason">For people.</param>
    /// <param name="WithdrawnAt">When it was taken back; null if it holds.</param>
    /// <param name="Sessions">Sessions the person is planned for in that time: they stay as they are until somebody finds a replacement.</param>
    internal sealed record Response(
        Guid Id, Guid PersonId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Reason, DateTimeOffset? WithdrawnAt, IReadOnlyList<Engagement> Sessions);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/people/{id:guid}/absences", async (Guid id, Body<Request> body, Caller caller, AddAbsenceHandler handler, CancellationToken ct) =>
                (await handler.Add(caller, id, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe(nameof(AddAbsence), "Enters a time somebody is away: they cannot be planned for it any more. The answer names the sessions they were planned for before.")
            .Allow(Permission.ManageCrew)
            .Example(new Request(new DateTimeOffset(2026, 11, 10, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 12, 0, 0, 0, TimeSpan.Zero), "Fair in Milan"))
            .Gives<Response>(StatusCodes.Status201Created)
            .Rejects(PersonRejections.NotFound);
        routes.MapPost("/people/{id:guid}/absences/{absenceId:guid}/withdraw", async (Guid id, Guid absenceId, Caller caller, AddAbsenceHandler handler, CancellationToken ct) =>
                (await handler.Withdraw(caller, id, absenceId, ct)).ToHttp())
            .Describe("WithdrawAbsence", "Takes an absence back; taken back again it stays so.")
            .Allow(Permission.ManageCrew)
            .Gives<Response>()
            .Rejects(PersonRejections.NotFound, AbsenceRejections.NotFound);
    }
}

internal sealed class AddAbsenceHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<AddAbsence.Response>> Add(Caller caller, Guid id, AddAbsence.Request body, CancellationToken ct) =>
        db.InTransaction<AddAbsence.Response>(caller.Write, async work =>
        {
            if (await work.Find<PersonRow>(PersonSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is null) return PersonRejections.Unknown(id);
            await Bookings.TakeTurn(work, [id]);
            var absence = new AbsenceRow { Id = clock.NewId(), ResourceId = id, StartsAt = body.StartsAt.ToStored(), EndsAt = body.EndsAt.ToStored(), Reason = body.Reason };
            await work.Execute(AbsenceSql.Insert, absence);
            return await Answer(work, absence);
        }, ct);

    public Task<Result<AddAbsence.Response>> Withdraw(Caller caller, Guid id, Guid absenceId, CancellationToken ct) =>
        db.InTransaction<AddAbsence.Response>(caller.Write, async work =>
        {
            if (await work.Find<PersonRow>(PersonSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }) is null) return PersonRejections.Unknown(id);
            if (await work.Find<AbsenceRow>(AbsenceSql.ById, new { AbsenceId = absenceId, Id = id }) is { } before) work.Audited(await Answer(work, before));
            await work.Execute(AbsenceSql.Withdraw, new { AbsenceId = absenceId, Id = id, work.Now });
            return await work.Find<AbsenceRow>(AbsenceSql.ById, new { AbsenceId = absenceId, Id = id }) is { } absence
                ? await Answer(work, absence)
                : AbsenceRejections.NotFound.Because($"No absence {absenceId}.");
        }, ct);

    private static async Task<AddAbsence.Response> Answer(UnitOfWork work, AbsenceRow absence) => new(
        absence.Id, absence.ResourceId, absence.StartsAt, absence.EndsAt, absence.Reason, absence.WithdrawnAt,
        await work.Query<Engagement>(AbsenceSql.Engaged, new { Id = absence.ResourceId, absence.StartsAt, absence.EndsAt }));
}
