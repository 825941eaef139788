using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Units;

/// <summary>A region under its headquarters, or a reseller under a region or directly under headquarters.</summary>
internal static class AddUnit
{
    /// <param name="ParentId">Within the caller's reach.</param>
    /// <param name="Code">Unique among its siblings; never changes.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Kind">Region or Reseller.</param>
    /// <param name="ResellerKind">For resellers, and only for them.</param>
    /// <param name="TimeZone">IANA name; the parent's if left out.</param>
    internal sealed record Request(Guid ParentId, string Code, string Name, UnitKind Kind, ResellerKind? ResellerKind = null, string? TimeZone = null) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Code(Code, "/code").Text(Name, "/name").Known(Kind, "/kind")
                .Check(Kind != UnitKind.Headquarters, "/kind", "unit.kind_not_addable", "A headquarters is opened, not added.")
                .Check((Kind == UnitKind.Reseller) == ResellerKind.HasValue, "/resellerKind", "unit.reseller_kind", "Required for a reseller, and only for one.");
            if (TimeZone is not null) UnitFaults.TimeZone(faults, TimeZone);
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/units", async (Body<Request> body, Caller caller, AddUnitHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(AddUnit), "Adds a region or a reseller to the tree.")
        .Allow(Permission.ManageUnits)
        .Example(new Request(Guid.Empty, "north", "North China", UnitKind.Region))
        .Gives<UnitView>(StatusCodes.Status201Created)
        .Rejects(UnitRejections.NotFound, UnitRejections.CodeTaken, UnitRejections.PathTaken, UnitRejections.WrongParent, UnitRejections.Inactive);
}

internal sealed class AddUnitHandler(OrganizationDb db, TimeProvider clock)
{
    public Task<Result<UnitView>> Handle(Caller caller, AddUnit.Request body, CancellationToken ct) =>
        db.InTransaction<UnitView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, body.ParentId) is not { } parent) return UnitRejections.Unknown(body.ParentId);
            if (UnitTree.WrongParent(body.Kind, parent) is { } wrong) return wrong;
            if (await UnitTree.Inactive(work, parent.Path) is { } inactive) return inactive;
            var unit = new UnitRow
            {
                Id = clock.NewId(),
                Version = 1,
                ParentId = parent.Id,
                Path = UnitPath.Child(parent.Path, body.Code),
                Code = body.Code,
                Name = body.Name,
                Kind = body.Kind,
                ResellerKind = body.ResellerKind,
                TimeZone = body.TimeZone ?? parent.TimeZone,
                Currency = parent.Currency,
                IsActive = true,
            };
            if (await work.Find<UnitRow>(UnitSql.ByPath, new { unit.Path }) is not null)
                return UnitRejections.CodeTaken.Because($"{parent.Name} has a unit {body.Code}.");
            if (await UnitTree.Settle(work, [unit]) is { } taken) return taken;
            await work.Execute(UnitSql.Insert, unit.ToParameters());
            work.Publish(unit.ToEvent([]));
            return unit.ToView();
        }, ct);
}
