using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Brands;

/// <summary>A brand of the caller's headquarters.</summary>
internal static class AddBrand
{
    /// <param name="Code">Unique at the headquarters; never changes.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Grade">One letter, A the highest.</param>
    internal sealed record Request(string Code, string Name, string Grade) : IValidated
    {
        public void Validate(Faults faults) => faults.Code(Code, "/code").Text(Name, "/name").Grade(Grade);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/brands", async (Body<Request> body, Caller caller, AddBrandHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, body.Value, ct)).ToHttp(StatusCodes.Status201Created))
        .Describe(nameof(AddBrand), "Adds a brand to the caller's headquarters.")
        .Allow(Permission.ManageBrands)
        .Example(new Request("aurora-women", "Aurora Women", "A"))
        .Gives<BrandView>(StatusCodes.Status201Created)
        .Rejects(BrandRejections.HeadquartersOnly, BrandRejections.CodeTaken);
}

internal sealed class AddBrandHandler(OrganizationDb db, TimeProvider clock)
{
    public Task<Result<BrandView>> Handle(Caller caller, AddBrand.Request body, CancellationToken ct) =>
        db.InTransaction<BrandView>(caller.Write, async work =>
        {
            if (BrandRejections.UnlessAtHeadquarters(caller) is { } elsewhere) return elsewhere;
            var brand = new BrandRow
            {
                Id = clock.NewId(),
                Version = 1,
                Path = caller.Path,
                Code = body.Code,
                Name = body.Name,
                Grade = body.Grade,
            };
            if (await work.Find<BrandRow>(BrandSql.ByCode, new { brand.Path, brand.Code }) is not null)
                return BrandRejections.CodeTaken.Because($"There is a brand {body.Code}.");
            await work.Execute(BrandSql.Insert, brand);
            work.Publish(brand.ToEvent());
            return brand.ToView();
        }, ct);
}
