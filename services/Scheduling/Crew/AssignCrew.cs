using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Checklists;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Sessions;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Says who takes part in a session besides its hosts, and books them.</summary>
internal static class AssignCrew
{
    private const int MostPeople = 20;

    /// <param name="PersonId">Somebody of a unit above or below the owner, or of the owner.</param>
    /// <param name="Role">One they hold; not Host or CoHost, whom the session's plan names.</param>
    internal sealed record Assignment(Guid PersonId, CrewRole Role);

    /// <param name="Crew">Everybody, in place of who was assigned before; at most 20, each once.</param>
    internal sealed record Request(IReadOnlyList<Assignment> Crew) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Crew, 0, MostPeople, "/crew").Distinct(Crew?.Select(a => a.PersonId).ToList(), "/crew");
            for (var i = 0; i < Math.Min(Crew?.Count ?? 0, MostPeople); i++)
            {
                faults.Known(Crew![i].Role, $"/crew/{i}/role").Check(
                    Crew[i].Role is not (CrewRole.Host or CrewRole.CoHost), $"/crew/{i}/role", "crew.host_of_plan", "Host and co-hosts are named by the session's plan.");
            }
        }
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/sessions/{id:guid}/crew", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, AssignCrewHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
            .Describe(nameof(AssignCrew), "Says who takes part in a session besides its hosts, in place of who did before, and books them. The answer counts whom the tier needs and who is missing.",
                "If-Match is the session's. Refused with session.conflict if somebody is in another session at that time, with crew.absent if they are away.")
            .Allow(Permission.ManageCrew).Conditional()
            .Example(new Request([new Assignment(Guid.Empty, CrewRole.Operations)]))
            .Gives<SessionCrewView>()
            .Rejects(
                SessionRejections.NotFound, CrewRejections.SessionOver, CrewRejections.PersonNotUsable, CrewRejections.RoleNotHeld, CrewRejections.HostsAlready,
                AbsenceRejections.Absent, BookingRejections.Conflict, BlockRejections.Blocked);
        routes.MapGet("/sessions/{id:guid}/crew", async (Guid id, Caller caller, SchedulingDb db, TimeProvider clock, CancellationToken ct) => (await Find(db, clock, caller, id, ct)).ToHttp())
            .Describe("ReadCrew", "Who takes part in a session, whom its tier needs, who is missing and who is away.")
            .Allow(Permission.ReadFigures).Gives<SessionCrewView>().Rejects(SessionRejections.NotFound);
    }

    private static async Task<Result<SessionCrewView>> Find(SchedulingDb db, TimeProvider clock, Caller caller, Guid id, CancellationToken ct)
    {
        if (await db.Find<SessionRow>(SessionSql.InScopeById, new { Id = id, caller.Scope, caller.ScopeEnd }, ct) is not { } session) return SessionRejections.Unknown(id);
        var assigned = await db.Query<AssignmentRow>(SessionCrewSql.OfSession, new { SessionId = id }, ct);
        return await View(Reads.Outside(db, clock, ct), session, assigned);
    }

    internal static async Task<SessionCrewView> View(Reads from, SessionRow session, IReadOnlyList<AssignmentRow> assigned)
    {
        IReadOnlyList<Guid> people = [.. SessionCrew.Of(session, assigned).Select(c => c.PersonId)];
        return SessionCrew.View(
            session, assigned, await from.Query<PersonRow>(PersonSql.ByIds, new { Ids = Sql.Json(people) }), await Absences.Away(from, people, new Window(session.StartsAt, session.EndsAt)));
    }
}

internal sealed class AssignCrewHandler(SchedulingDb db)
{
    public Task<Result<SessionCrewView>> Handle(Caller caller, Guid id, IfMatch ifMatch, AssignCrew.Request body, CancellationToken ct) =>
        db.InTransaction<SessionCrewView>(caller.Write, async work =>
        {
            var taken = await SessionChange.Take(work, caller, id, [.. body.Crew.Select(a => a.PersonId)]);
            if (taken.Rejection is { } missing) return missing;
            var session = taken.Value;
            work.Audited(await AssignCrew.View(work, session, await work.Query<AssignmentRow>(SessionCrewSql.OfSession, new { SessionId = id })));
            if (ifMatch.Check(session.Version) is { } stale) return stale;
            if (session.Status is SessionStatus.Ended or SessionStatus.InReview or SessionStatus.Closed or SessionStatus.Cancelled)
                return CrewRejections.SessionOver.Because($"The session is {session.Status}.");
            if (await Unfit(work, session, body.Crew) is { } unfit) return unfit;

            var crewed = session with { CrewIds = Sql.Json(body.Crew.Select(a => a.PersonId)) };
            if (SessionLifecycle.HoldsSlot(session.Status))
            {
                if (await Unavailable(work, session, crewed) is { } refusal) return refusal;
                await Bookings.Book(work, crewed);
            }
            await work.Execute(SessionCrewSql.Delete, new { SessionId = id });
            foreach (var one in body.Crew) await work.Execute(SessionCrewSql.Insert, new { SessionId = id, ResourceId = one.PersonId, Role = one.Role.ToString() });
            var saved = await SessionChange.Save(work, crewed, state => new SessionEdited(state));
            if (saved.Rejection is { } lost) return lost;
            await SessionCrew.Note(work, saved.Value);
            return await AssignCrew.View(work, saved.Value, await work.Query<AssignmentRow>(SessionCrewSql.OfSession, new { SessionId = id }));
        }, ct);

    private static async Task<Rejection?> Unfit(UnitOfWork work, SessionRow session, IReadOnlyList<AssignCrew.Assignment> crew)
    {
        var people = (await work.Query<PersonRow>(PersonSql.ByIds, new { Ids = Sql.Json(crew.Select(a => a.PersonId)) }))
            .Where(p => UnitPath.SameChain(p.Path, session.Path))
            .ToDictionary(p => p.Id);
        var unknown = crew.Select(a => a.PersonId).Where(p => !people.ContainsKey(p)).ToList();
        if (unknown.Count > 0) return CrewRejections.PersonNotUsable.Because($"Not usable: {string.Join(", ", unknown)}.").With("personIds", unknown);
        var strange = crew.Where(a => !people[a.PersonId].RoleList.Contains(a.Role)).ToList();
        if (strange.Count > 0)
            return CrewRejections.RoleNotHeld.Because($"{string.Join(", ", strange.Select(a => $"{people[a.PersonId].Name} is no {a.Role}"))}.").With("personIds", strange.Select(a => a.PersonId));
        var hosting = crew.Select(a => a.PersonId).Where(p => p == session.HostId || session.CoHostList.Contains(p)).ToList();
        return hosting.Count == 0 ? null : CrewRejections.HostsAlready.Because($"Hosts already: {string.Join(", ", hosting.Select(p => people[p].Name))}.").With("personIds", hosting);
    }

    // Only of those who are new: whoever fell ill since is replaced one at a time.
    private static async Task<Rejection?> Unavailable(UnitOfWork work, SessionRow before, SessionRow after)
    {
        if (await Absences.Planned(work, after, [.. after.CrewList.Except(before.CrewList)]) is { } absent) return absent;
        return after.Status == SessionStatus.Live ? await Bookings.OnTheAir(work, after) : await Bookings.Planned(work, after);
    }
}
