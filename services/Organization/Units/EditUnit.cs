using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Units;

/// <summary>Renames a unit or moves it to another time zone.</summary>
internal static class EditUnit
{
    internal sealed record Request(string Name, string TimeZone) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(Name, "/name");
            UnitFaults.TimeZone(faults, TimeZone);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/units/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditUnitHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditUnit), "Renames a unit or changes its time zone.")
        .Allow(Permission.ManageUnits).Conditional()
        .Example(new Request("North China", "Asia/Shanghai"))
        .Gives<UnitView>()
        .Rejects(UnitRejections.NotFound);
}

internal sealed class EditUnitHandler(OrganizationDb db)
{
    public Task<Result<UnitView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditUnit.Request body, CancellationToken ct) =>
        db.InTransaction<UnitView>(caller.Write, async work =>
        {
            var key = new { Id = id, caller.Scope, caller.ScopeEnd };
            if (await work.Find<UnitRow>(UnitSql.ById, key) is not { } unit) return UnitRejections.Unknown(id);
            work.Audited(unit.ToView());
            if (ifMatch.Check(unit.Version) is { } stale) return stale;
            if (await work.Execute(UnitSql.Edit, new { Id = id, unit.Version, body.Name, body.TimeZone }) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            unit = unit with { Version = unit.Version + 1, Name = body.Name, TimeZone = body.TimeZone };
            work.Publish(unit.ToEvent());
            return unit.ToView();
        }, ct);
}
