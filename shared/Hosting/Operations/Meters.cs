using System.Diagnostics.Metrics;
using LiveCommerce.Data;
using LiveCommerce.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LiveCommerce.Hosting;

/// <summary>What an operator watches beside the framework's own meters: refusals by code, and how late messages and due work are.</summary>
internal sealed class Meters : IHostedService
{
    private const string Name = "LiveCommerce.Services";

    private readonly IServiceProvider _services;
    private readonly Meter _meter;
    private readonly Counter<long> _refusals;

    public Meters(IServiceProvider services, IMeterFactory factory)
    {
        _services = services;
        _meter = factory.Create(Name);
        _refusals = _meter.CreateCounter<long>("livecommerce.refusals", "{refusal}", "Requests refused, by the code of the problem.");
    }

    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not in the constructor: this is one of them.
        var hosted = _services.GetServices<IHostedService>().ToList();
        _meter.CreateObservableGauge("livecommerce.relay.lag", () => hosted.OfType<OutboxRelay>().Select(r => Seconds(r.Lag, r.Service)), "s", "Age of the oldest message that waits only for the relay.");
        _meter.CreateObservableGauge("livecommerce.due_work.lag", () => hosted.OfType<DueWorker>().Select(w => Seconds(w.Lag, w.Service)), "s", "How late the latest due work was.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Measurement<double> Seconds(TimeSpan lag, string service) => new(lag.TotalSeconds, new KeyValuePair<string, object?>("service", service));
}
