using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Units;

/// <summary>Takes a unit out of business with everything below it, and back in. Its history stays either way.</summary>
internal static class ActivateUnit
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/units/{id:guid}/deactivate", async (Guid id, Caller caller, ActivateUnitHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isActive: false, ct)).ToHttp())
            .Describe("DeactivateUnit", "Takes a unit out of business with everything below it: nothing is added, planned or begun there, and nobody there signs in.")
            .Allow(Permission.ManageUnits)
            .Gives<UnitView>()
            .Rejects(UnitRejections.NotFound, UnitRejections.OwnUnit);
        routes.MapPost("/units/{id:guid}/reactivate", async (Guid id, Caller caller, ActivateUnitHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isActive: true, ct)).ToHttp())
            .Describe("ReactivateUnit", "Puts a deactivated unit back in business.")
            .Allow(Permission.ManageUnits)
            .Gives<UnitView>()
            .Rejects(UnitRejections.NotFound, UnitRejections.OwnUnit);
    }
}

internal sealed class ActivateUnitHandler(OrganizationDb db)
{
    public Task<Result<UnitView>> Handle(Caller caller, Guid id, bool isActive, CancellationToken ct) =>
        db.InTransaction<UnitView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, id) is not { } unit) return UnitRejections.Unknown(id);
            if (unit.Path == caller.Path) return UnitRejections.OwnUnit.Because($"The caller stands at {unit.Path} itself.");
            // Asked twice it stays as it is, and is told once.
            if (await work.Execute(UnitSql.Activate, new { Id = id, IsActive = isActive }) == 0) return unit.ToView();
            unit = unit with { Version = unit.Version + 1, IsActive = isActive };
            work.Publish(unit.ToEvent(await UnitTree.FormerPaths(work, unit)));
            return unit.ToView();
        }, ct);
}
