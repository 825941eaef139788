using LiveCommerce.Hosting;
using LiveCommerce.Lineups;

await ServiceHost.Build(args, new LineupsModule()).RunAsync();
