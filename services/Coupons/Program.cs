using LiveCommerce.Hosting;
using LiveCommerce.Coupons;

await ServiceHost.Build(args, new CouponsModule()).RunAsync();
