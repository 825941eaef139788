using LiveCommerce.Coupons;
using LiveCommerce.Hosting;
using LiveCommerce.Lineups;
using LiveCommerce.Orders;
using LiveCommerce.Organization;
using LiveCommerce.Scheduling;

await ServiceHost.Build(args, new OrganizationModule(), new SchedulingModule(), new LineupsModule(), new CouponsModule(), new OrdersModule()).RunAsync();
