using System.Collections.Concurrent;
using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Scheduling.Tests;

internal sealed class RecorderDb(ServiceDbSetup setup) : ServiceDb("recorder", setup);

/// <summary>Another service, that listens.</summary>
internal sealed class RecorderModule : IServiceModule
{
    public string Name => "recorder";

    public string Summary => "Writes down what sessions tell.";

    public IReadOnlyList<Type> Reactions => [typeof(OnSession)];

    public void AddServices(IServiceCollection services) => services.AddServiceDb<RecorderDb>().AddSingleton<Recorded>();

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
    }
}

internal sealed class Recorded
{
    private readonly ConcurrentQueue<(string Event, SessionState Session)> _heard = [];

    public void Hear(object @event, SessionState session) => _heard.Enqueue((@event.GetType().Name, session));

    /// <summary>What was told of one session, in the order of its versions.</summary>
    public static async Task<IReadOnlyList<(string Event, SessionState Session)>> Of(TestHost host, Guid session)
    {
        await host.Settle();
        return [.. host.Services.GetRequiredService<Recorded>()._heard.Where(h => h.Session.SessionId == session).OrderBy(h => h.Session.Version)];
    }
}

internal sealed class OnSession(Recorded recorded) :
    IConsumer<SessionScheduled>, IConsumer<SessionRescheduled>, IConsumer<SessionEdited>, IConsumer<SessionEnteredWarmUp>,
    IConsumer<SessionWentLive>, IConsumer<SessionEnded>, IConsumer<SessionCancelled>,
    IConsumer<SessionDisplaced>, IConsumer<SessionFlagged>, IConsumer<SessionUnflagged>, IConsumer<SessionEnteredReview>, IConsumer<SessionClosed>
{
    public Task Consume(ConsumeContext<SessionScheduled> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionRescheduled> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionEdited> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionEnteredWarmUp> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionWentLive> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionEnded> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionCancelled> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionDisplaced> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionFlagged> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionUnflagged> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionEnteredReview> context) => Hear(context.Message, context.Message.Session);

    public Task Consume(ConsumeContext<SessionClosed> context) => Hear(context.Message, context.Message.Session);

    private Task Hear(object @event, SessionState session)
    {
        recorded.Hear(@event, session);
        return Task.CompletedTask;
    }
}
