using LiveCommerce.Hosting;
using LiveCommerce.Scheduling;

await ServiceHost.Build(args, new SchedulingModule()).RunAsync();
