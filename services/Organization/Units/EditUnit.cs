using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Units;

/// <summary>Renames a unit, or says in which time zone it is or what kind of reseller.</summary>
internal static class EditUnit
{
    /// <param name="Name">For people.</param>
    /// <param name="TimeZone">IANA name.</param>
    /// <param name="ResellerKind">Of a reseller only; as it is if left out.</param>
    internal sealed record Request(string Name, string TimeZone, ResellerKind? ResellerKind = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Text(Name, "/name");
            if (ResellerKind is { } kind) faults.Known(kind, "/resellerKind");
            UnitFaults.TimeZone(faults, TimeZone);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/units/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditUnitHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditUnit), "Renames a unit, or changes its time zone or its kind of reseller.")
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
            if (body.ResellerKind is not null && unit.Kind != UnitKind.Reseller) return UnitFaults.NotReseller();
            if (await work.Execute(UnitSql.Edit, new { Id = id, unit.Version, body.Name, body.TimeZone, ResellerKind = body.ResellerKind?.ToString() }) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            unit = unit with { Version = unit.Version + 1, Name = body.Name, TimeZone = body.TimeZone, ResellerKind = body.ResellerKind ?? unit.ResellerKind };
            work.Publish(unit.ToEvent(await UnitTree.FormerPaths(work, unit)));
            return unit.ToView();
        }, ct);
}
