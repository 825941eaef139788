using LiveCommerce.Contracts.Organization;
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
        MapHeadquarters(routes);
    }

    /// <summary>A headquarters has nobody above it but the operator, who reaches no other unit.</summary>
    private static void MapHeadquarters(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/headquarters/{id:guid}/deactivate", async (Guid id, Caller caller, ActivateUnitHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isActive: false, ct, UnitKind.Headquarters)).ToHttp())
            .Describe("DeactivateHeadquarters", "Puts a headquarters out of use with everything below it: nobody there signs in, and what they or their shops ask for is refused.",
                "Nothing is deleted, and reactivating it brings back just what it was.")
            .Allow(Permission.OpenHeadquarters)
            .Gives<UnitView>()
            .Rejects(UnitRejections.NotFound);
        routes.MapPost("/headquarters/{id:guid}/reactivate", async (Guid id, Caller caller, ActivateUnitHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, id, isActive: true, ct, UnitKind.Headquarters)).ToHttp())
            .Describe("ReactivateHeadquarters", "Puts a headquarters back in use.")
            .Allow(Permission.OpenHeadquarters)
            .Gives<UnitView>()
            .Rejects(UnitRejections.NotFound);
    }
}

internal sealed class ActivateUnitHandler(OrganizationDb db)
{
    public Task<Result<UnitView>> Handle(Caller caller, Guid id, bool isActive, CancellationToken ct, UnitKind? kind = null) =>
        db.InTransaction<UnitView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, id) is not { } unit || (kind is not null && unit.Kind != kind)) return UnitRejections.Unknown(id);
            work.Audited(unit.ToView());
            if (unit.Path == caller.Path) return UnitRejections.OwnUnit.Because($"The caller stands at {unit.Path} itself.");
            // Asked twice it stays as it is, and is told once.
            if (await work.Execute(UnitSql.Activate, new { Id = id, IsActive = isActive }) == 0) return unit.ToView();
            unit = unit with { Version = unit.Version + 1, IsActive = isActive };
            work.Publish(unit.ToEvent(await UnitTree.FormerPaths(work, unit)));
            return unit.ToView();
        }, ct);
}
