using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Brands;

/// <summary>Renames a brand or grades it anew.</summary>
internal static class EditBrand
{
    internal sealed record Request(string Name, string Grade) : IValidated
    {
        public void Validate(Faults faults) => faults.Text(Name, "/name").Grade(Grade);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/brands/{id:guid}", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, EditBrandHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(EditBrand), "Changes a brand's name and grade.")
        .Allow(Permission.ManageBrands).Conditional()
        .Example(new Request("Aurora Women", "B"))
        .Gives<BrandView>()
        .Rejects(BrandRejections.NotFound, BrandRejections.HeadquartersOnly);
}

internal sealed class EditBrandHandler(OrganizationDb db)
{
    public Task<Result<BrandView>> Handle(Caller caller, Guid id, IfMatch ifMatch, EditBrand.Request body, CancellationToken ct) =>
        db.InTransaction<BrandView>(caller.Write, async work =>
        {
            if (await work.Find<BrandRow>(BrandSql.ById, new { Id = id, Headquarters = UnitPath.Headquarters(caller.Path) }) is not { } brand)
                return BrandRejections.Unknown(id);
            // Units below read the brand, so to them it is not "not found"; they just do not keep it.
            if (BrandRejections.UnlessAtHeadquarters(caller) is { } elsewhere) return elsewhere;
            work.Audited(brand.ToView());
            if (ifMatch.Check(brand.Version) is { } stale) return stale;
            if (await work.Execute(BrandSql.Edit, new { Id = id, brand.Version, body.Name, body.Grade }) == 0)
                return CommonRejections.PreconditionFailed.Because("Somebody changed it at this moment.");
            brand = brand with { Version = brand.Version + 1, Name = body.Name, Grade = body.Grade };
            work.Publish(brand.ToEvent());
            return brand.ToView();
        }, ct);
}
