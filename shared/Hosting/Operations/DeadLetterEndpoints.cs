using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RabbitMQ.Client.Exceptions;

namespace LiveCommerce.Hosting;

/// <summary>What a service's reactions could not handle, after all their tries.</summary>
internal static class DeadLetterEndpoints
{
    private static readonly RejectionKind QueueNotFound = new("queue.not_found", 404, "No reaction of this service has that queue.");
    private static readonly RejectionKind BrokerUnreachable = new("broker.unreachable", 503, "The message broker does not answer.");

    /// <param name="Items">Up to 100 of each queue.</param>
    public sealed record DeadLetterList(IReadOnlyList<DeadLetter> Items);

    /// <param name="Resent">Messages that are on their way to their reaction again.</param>
    public sealed record ResentLetters(int Resent);

    public static void Map(IEndpointRouteBuilder routes, IServiceModule module, string service)
    {
        routes.MapGet("/operations/dead-letters", async (DeadLetters letters, CancellationToken ct) =>
                (await Reach(async () => new DeadLetterList(await letters.List(module.Reactions, ct)))).ToHttp())
            .Describe($"List{service}DeadLetters", "Messages that this service's reactions could not handle. Without a broker there are none: see set-aside.")
            .Allow(Permission.Operate).Gives<DeadLetterList>().Rejects(BrokerUnreachable);
        routes.MapPost("/operations/dead-letters/resend", async (string? queue, DeadLetters letters, CancellationToken ct) =>
                (await Resend(module, queue, letters, ct)).ToHttp(StatusCodes.Status202Accepted))
            .Describe($"Resend{service}DeadLetters", "Puts the dead letters of one queue, or of all this service's queues, back before their reactions.")
            .Allow(Permission.Operate).Gives<ResentLetters>(StatusCodes.Status202Accepted).Rejects(QueueNotFound, BrokerUnreachable);
    }

    private static async Task<Result<ResentLetters>> Resend(IServiceModule module, string? queue, DeadLetters letters, CancellationToken ct)
    {
        var queues = module.Reactions.Select(ReactionQueue.Of).Where(q => queue is null || q == queue).ToList();
        if (queues.Count == 0 && queue is not null) return QueueNotFound.Because($"No queue {queue}.");
        return await Reach(async () =>
        {
            var resent = 0;
            foreach (var one in queues) resent += await letters.Resend(one, ct);
            return new ResentLetters(resent);
        });
    }

    private static async Task<Result<T>> Reach<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RabbitMQClientException e)
        {
            return BrokerUnreachable.Because(e.Message) with { RetryAfter = TimeSpan.FromSeconds(5) };
        }
    }
}
