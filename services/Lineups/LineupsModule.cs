using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Lineups.Lineups;
using LiveCommerce.Lineups.Operations;
using LiveCommerce.Lineups.PriceLists;
using LiveCommerce.Lineups.Products;
using LiveCommerce.Lineups.Reactions;

namespace LiveCommerce.Lineups;

/// <summary>The lineups' own database.</summary>
internal sealed class LineupsDb(ServiceDbSetup setup) : ServiceDb("lineups", setup);

/// <summary>What is sold in a session and at what price: the catalogue, lineups, live price lists.</summary>
public sealed class LineupsModule : IServiceModule
{
    public string Name => "lineups";

    public string Summary => "The product catalogue, the lineups of sessions, and the live prices that hold while a session is on the air.";

    public IReadOnlyList<Type> Reactions => [typeof(OnAccessChanged), typeof(OnUnitChanged), typeof(OnBrandChanged), typeof(OnMandateChanged), typeof(OnSessionChanged)];

    public void AddServices(IServiceCollection services) => services
        .AddServiceDb<LineupsDb>(typeof(MovedRows))
        .AddSingleton<ImportProductsHandler>()
        .AddSingleton<PutLineupHandler>()
        .AddSingleton<ReadLineupHandler>()
        .AddSingleton<FinalizeLineupHandler>()
        .AddSingleton<PublishPriceListHandler>()
        .AddSingleton<RepublishLineupsHandler>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        ImportProducts.Map(routes);
        ReadProducts.Map(routes);
        PutLineup.Map(routes);
        ReadLineup.Map(routes);
        FinalizeLineup.Map(routes);
        PublishPriceList.Map(routes);
        ReadPriceList.Map(routes);
        ReadPrice.Map(routes);
        RepublishLineups.Map(routes);
    }
}
