using LiveCommerce.Coupons;
using LiveCommerce.Hosting;

await ServiceHost.Build(args, new CouponsModule()).RunAsync();
