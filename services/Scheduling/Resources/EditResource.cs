using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;
using LiveCommerce.Scheduling.Crew;

namespace LiveCommerce.Scheduling.Resources;

/// <summary>Another name for a host, room or channel; another turnaround for a room.</summary>
internal static class EditResource
{
    /// <param name="Name">For people; 1 to 200 characters.</param>
    internal sealed record Request(string Name) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name");
    }

    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="TurnaroundMinutes">How long it stays busy after a session: 0 to 480.</param>
    internal sealed record RoomRequest(string Name, int TurnaroundMinutes) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name").Range(TurnaroundMinutes, 0, ResourceRow.LongestTurnaroundMinutes, "/turnaroundMinutes");
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/hosts/{id:guid}", "EditHost", ResourceKind.Host, "Renames a host.");
        Map(routes, "/channels/{id:guid}", "EditChannel", ResourceKind.Channel, "Renames a channel.");
        routes.MapPut("/rooms/{id:guid}", async (Guid id, Body<RoomRequest> body, IfMatch ifMatch, Caller caller, EditResourceHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, ResourceKind.Room, id, ifMatch, body.Value.Name, body.Value.TurnaroundMinutes, ct)).ToHttp())
            .Describe("EditRoom", "Renames a room and says how long it stays busy after a session, for those planned in it as well.",
                "Refused with resource.turnaround_conflicts if sessions are planned closer to each other than that; its member conflicts names every one of them.")
            .Allow(Permission.ManagePlan).Conditional()
            .Example(new RoomRequest("Studio 1", 45))
            .Gives<ResourceView>().Rejects(ResourceRejections.NotFound, ResourceRejections.TurnaroundConflicts);
    }

    private static void Map(IEndpointRouteBuilder routes, string route, string name, ResourceKind kind, string summary) => routes
        .MapPut(route, async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditResourceHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, kind, id, ifMatch, body.Value.Name, 0, ct)).ToHttp())
        .Describe(name, summary)
        .Allow(Permission.ManagePlan).Conditional()
        .Example(new Request("Lin Yue"))
        .Gives<ResourceView>().Rejects(ResourceRejections.NotFound);
}

internal sealed class EditResourceHandler(SchedulingDb db)
{
    public Task<Result<ResourceView>> Handle(Caller caller, ResourceKind kind, Guid id, IfMatch ifMatch, string name, int turnaroundMinutes, CancellationToken ct) =>
        db.InTransaction<ResourceView>(caller.Write, async work =>
        {
            if (await work.Find<ResourceRow>(ResourceSql.HeldInScope, new { Id = id, Kind = kind.ToString(), caller.Scope, caller.ScopeEnd }) is not { } resource)
                return ResourceRejections.NotFound.Because($"No {kind} {id}.");
            work.Audited(resource.ToView());
            if (ifMatch.Check(resource.Version) is { } stale) return stale;
            if (turnaroundMinutes != resource.TurnaroundMinutes && await Pad(work, id, turnaroundMinutes) is { } conflict) return conflict;
            var edited = resource with { Name = name, TurnaroundMinutes = turnaroundMinutes };
            if (await work.Execute(ResourceSql.Update, edited) == 0) return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            if (kind == ResourceKind.Host) await work.Execute(PersonSql.Renamed, new { Id = id });
            return (edited with { Version = resource.Version + 1 }).ToView();
        }, ct);

    /// <summary>Gives what is booked in the room its new turnaround, unless a session would then begin within that of another.</summary>
    private static async Task<Rejection?> Pad(UnitOfWork work, Guid roomId, int minutes)
    {
        // A turnaround may still run, or begin to, after a session that is over.
        var from = work.Now.AddMinutes(-ResourceRow.LongestTurnaroundMinutes);
        var booked = (await work.Query<Collision>(BookingSql.OfRoom, new { Id = roomId, From = from }))
            .Select(b => b with { BusyUntil = b.EndsAt.AddMinutes(minutes) })
            .ToList();
        var tooClose = booked.Zip(booked.Skip(1))
            .Where(p => p.Second.StartsAt < p.First.BusyUntil && p.Second.StartsAt > work.Now)
            .SelectMany(p => new[] { p.First, p.Second })
            .Distinct()
            .ToList();
        if (tooClose.Count > 0)
        {
            return ResourceRejections.TurnaroundConflicts
                .Because($"{tooClose.Count} sessions are closer to each other than {minutes} minutes; see conflicts for each.")
                .With("conflicts", tooClose);
        }
        foreach (var b in booked) await work.Execute(BookingSql.Pad, new { b.BusyUntil, b.ResourceId, b.SessionId });
        return null;
    }
}
