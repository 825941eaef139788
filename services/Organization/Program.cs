using LiveCommerce.Hosting;
using LiveCommerce.Organization;

await ServiceHost.Build(args, new OrganizationModule()).RunAsync();
