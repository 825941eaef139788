using System.Collections.Concurrent;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests.Scores;

internal sealed class HeardDb(ServiceDbSetup setup) : ServiceDb("heard", setup);

/// <summary>Another service, that listens for scores.</summary>
internal sealed class HeardModule : IServiceModule
{
    public string Name => "heard";

    public string Summary => "Writes down what scores are told.";

    public IReadOnlyList<Type> Reactions => [typeof(OnSessionScored)];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<HeardDb>().AddSingleton<Heard>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

internal sealed class Heard
{
    private readonly ConcurrentQueue<SessionScored> _heard = [];

    public void Hear(SessionScored score) => _heard.Enqueue(score);

    /// <summary>What was told of one session, in the order of its versions.</summary>
    public static async Task<IReadOnlyList<SessionScored>> Of(TestHost host, Guid session)
    {
        await host.Settle();
        return [.. host.Services.GetRequiredService<Heard>()._heard.Where(h => h.SessionId == session).OrderBy(h => h.Version)];
    }
}

internal sealed class OnSessionScored(Heard heard) : IConsumer<SessionScored>
{
    public Task Consume(ConsumeContext<SessionScored> context)
    {
        heard.Hear(context.Message);
        return Task.CompletedTask;
    }
}
