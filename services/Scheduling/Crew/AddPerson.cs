using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Adds somebody who takes part in sessions, and changes what they may do there.</summary>
internal static class AddPerson
{
    /// <param name="UnitId">The unit they belong to; units above and below it may assign them.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="Roles">What they may be assigned as; 1 to 7, each once.</param>
    /// <param name="MemberId">The member who is this person; 1 to 100 characters.</param>
    /// <param name="WorkingHours">When they work, every week, on the clock of their unit's zone: 1 to 50; always if left out.</param>
    internal sealed record Request(Guid UnitId, string Name, IReadOnlyList<CrewRole> Roles, string? MemberId = null, IReadOnlyList<WorkingHours>? WorkingHours = null) : IValidated
    {
        public void Validate(Faults faults) => new EditRequest(Name, Roles, MemberId, WorkingHours).Validate(faults);
    }

    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="Roles">What they may be assigned as; 1 to 7, each once.</param>
    /// <param name="MemberId">The member who is this person; nobody if left out.</param>
    /// <param name="WorkingHours">When they work, every week, on the clock of their unit's zone: 1 to 50; always if left out.</param>
    internal sealed record EditRequest(string Name, IReadOnlyList<CrewRole> Roles, string? MemberId = null, IReadOnlyList<WorkingHours>? WorkingHours = null) : IValidated
    {
        private const int LongestMemberId = 100;

        public void Validate(Faults faults)
        {
            faults.Text(Name, "/name").OptionalText(MemberId, "/memberId", LongestMemberId)
                .Size(Roles, 1, Enum.GetValues<CrewRole>().Length, "/roles").Distinct(Roles, "/roles");
            foreach (var role in Roles ?? []) faults.Known(role, "/roles");
            if (WorkingHours is { } hours) Crew.WorkingHours.Validate(hours, faults, "/workingHours");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/people", async (Body<Request> body, Caller caller, AddPersonHandler handler, CancellationToken ct) =>
                (await handler.Add(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe(nameof(AddPerson), "Adds somebody who takes part in sessions: in front of the camera, behind it, or both.",
                "One person is one entry, with all its roles. Whoever may host can be named by a session as its host or co-host, by the same id.")
            .Allow(Permission.ManageCrew)
            .Example(new Request(Guid.Empty, "Lin Yue", [CrewRole.Operations, CrewRole.FloorControl], WorkingHours: [new WorkingHours(DayOfWeek.Friday, 840, 1380)]))
            .Gives<PersonView>(StatusCodes.Status201Created)
            .Rejects(UnitRejections.NotFound, PersonRejections.MemberTaken);
        routes.MapPut("/people/{id:guid}", async (Guid id, Body<EditRequest> body, IfMatch ifMatch, Caller caller, AddPersonHandler handler, CancellationToken ct) =>
                (await handler.Edit(caller, id, ifMatch, body.Value, ct)).ToHttp())
            .Describe("EditPerson", "Replaces somebody's name, roles, member and hours of work. Somebody added as a host can be edited as well.",
                "Sessions they are planned for outside new hours stay as they are until somebody finds a replacement.")
            .Allow(Permission.ManageCrew).Conditional()
            .Example(new EditRequest("Lin Yue", [CrewRole.Host, CrewRole.Operations]))
            .Gives<PersonView>()
            .Rejects(PersonRejections.NotFound, PersonRejections.MemberTaken, PersonRejections.StillHosting);
    }
}

internal sealed class AddPersonHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<PersonView>> Add(Caller caller, AddPerson.Request body, CancellationToken ct) =>
        db.InTransaction<PersonView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }) is not { } unit)
                return UnitRejections.Unknown(body.UnitId);
            var person = new PersonRow
            {
                Id = clock.NewId(),
                UnitId = unit.Id,
                Path = unit.Path,
                Name = body.Name,
                Kind = PersonRow.KindOf(body.Roles),
                Version = 1,
                Roles = Sql.Json(body.Roles),
                MemberId = body.MemberId,
                WorkingHours = body.WorkingHours is { } hours ? Sql.Json(hours) : null,
            };
            if (await MemberTaken(work, person) is { } taken) return taken;
            await work.Execute(ResourceSql.Insert, person.ToResource().ToParameters());
            await work.Execute(PersonSql.Insert, person.ToParameters());
            return person.ToView();
        }, ct);

    public Task<Result<PersonView>> Edit(Caller caller, Guid id, IfMatch ifMatch, AddPerson.EditRequest body, CancellationToken ct) =>
        db.InTransaction<PersonView>(caller.Write, async work =>
        {
            var key = new { Id = id, caller.Scope, caller.ScopeEnd };
            if (await work.Find<PersonRow>(PersonSql.InScopeById, key) is null) return PersonRejections.Unknown(id);
            // Nobody may be planned as a host meanwhile.
            await Bookings.TakeTurn(work, [id]);
            var seen = (await work.Find<PersonRow>(PersonSql.InScopeById, key))!;
            work.Audited(seen.ToView());
            if (ifMatch.Check(seen.Version) is { } stale) return stale;
            var person = seen with
            {
                Version = seen.Version + 1,
                Name = body.Name,
                Kind = PersonRow.KindOf(body.Roles),
                Roles = Sql.Json(body.Roles),
                MemberId = body.MemberId,
                WorkingHours = body.WorkingHours is { } hours ? Sql.Json(hours) : null,
            };
            if (await MemberTaken(work, person) is { } taken) return taken;
            if (seen.Kind == ResourceKind.Host && person.Kind != ResourceKind.Host &&
                await work.Scalar<long>(PersonSql.HostedAhead, new { Id = id, work.Now }) is > 0 and var sessions)
                return PersonRejections.StillHosting.Because($"{seen.Name} hosts {sessions} sessions ahead; give them to others first.");
            await work.Upsert(PersonSql.Update, PersonSql.Insert, person.ToParameters());
            await work.Execute(PersonSql.UpdateResource, person.ToParameters());
            return person.ToView();
        }, ct);

    // Asked first only to say so well: the unique index decides, and turns the loser of a race back to here.
    private static async Task<Rejection?> MemberTaken(UnitOfWork work, PersonRow person) =>
        person.MemberId is not null && await work.Scalar<long>(PersonSql.OtherOfMember, new { person.MemberId, person.Id }) > 0
            ? PersonRejections.MemberTaken.Because($"Member {person.MemberId} is linked to another person.")
            : null;
}
