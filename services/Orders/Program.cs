using LiveCommerce.Hosting;
using LiveCommerce.Orders;

await ServiceHost.Build(args, new OrdersModule()).RunAsync();
