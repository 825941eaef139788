using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Resources;

/// <summary>A new host, room or channel account of a unit.</summary>
internal static class AddResource
{
    /// <param name="UnitId">The unit it belongs to.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    internal sealed record Request(Guid UnitId, string Name) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name");
    }

    /// <param name="UnitId">The unit it belongs to.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="TurnaroundMinutes">How long it stays busy after a session: 0 to 480.</param>
    internal sealed record RoomRequest(Guid UnitId, string Name, int TurnaroundMinutes = 0) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name").Range(TurnaroundMinutes, 0, ResourceRow.LongestTurnaroundMinutes, "/turnaroundMinutes");
    }

    /// <param name="UnitId">The unit it belongs to.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="Kind">What mandates allow or do not.</param>
    internal sealed record ChannelRequest(Guid UnitId, string Name, ChannelKind Kind) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name").Known(Kind, "/kind");
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/hosts", async (Body<Request> body, Caller caller, AddResourceHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, body.Value.UnitId, new ResourceRow { Kind = ResourceKind.Host, Name = body.Value.Name }, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe("AddHost", "Adds somebody who hosts sessions.")
            .Allow(Permission.ManagePlan)
            .Example(new Request(Guid.Empty, "Lin Yue"))
            .Gives<ResourceView>(StatusCodes.Status201Created).Rejects(UnitRejections.NotFound);
        routes.MapPost("/rooms", async (Body<RoomRequest> body, Caller caller, AddResourceHandler handler, CancellationToken ct) =>
                (await handler.Handle(
                    caller, body.Value.UnitId, new ResourceRow { Kind = ResourceKind.Room, Name = body.Value.Name, TurnaroundMinutes = body.Value.TurnaroundMinutes }, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe("AddRoom", "Adds a room sessions are streamed from.")
            .Allow(Permission.ManagePlan)
            .Example(new RoomRequest(Guid.Empty, "Studio 1", 30))
            .Gives<ResourceView>(StatusCodes.Status201Created).Rejects(UnitRejections.NotFound);
        routes.MapPost("/channels", async (Body<ChannelRequest> body, Caller caller, AddResourceHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, body.Value.UnitId, new ResourceRow { Kind = ResourceKind.Channel, Name = body.Value.Name, ChannelKind = body.Value.Kind }, ct)).ToHttp(StatusCodes.Status201Created))
            .Describe("AddChannel", "Adds an account sessions are streamed on.")
            .Allow(Permission.ManagePlan)
            .Example(new ChannelRequest(Guid.Empty, "Aurora shop", ChannelKind.MiniProgram))
            .Gives<ResourceView>(StatusCodes.Status201Created).Rejects(UnitRejections.NotFound);
    }
}

internal sealed class AddResourceHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<ResourceView>> Handle(Caller caller, Guid unitId, ResourceRow draft, CancellationToken ct) =>
        db.InTransaction<ResourceView>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = unitId, caller.Scope, caller.ScopeEnd }) is not { } unit)
                return UnitRejections.Unknown(unitId);
            var resource = draft with { Id = clock.NewId(), Version = 1, UnitId = unit.Id, Path = unit.Path };
            await work.Execute(ResourceSql.Insert, resource.ToParameters());
            return resource.ToView();
        }, ct);
}
