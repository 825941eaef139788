using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LiveCommerce.Hosting;
using LiveCommerce.Support;
using LiveCommerce.System.Tests.Access;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.System.Tests;

/// <summary>Walks every endpoint by which people change something that is there, and looks what the trail says it was before and after.</summary>
internal sealed partial class AuditWalkTests
{
    private static readonly Role[] People = [Role.Operator, Role.Admin, Role.Planner, Role.Merchandiser, Role.Marketer];

    /// <summary>What ends something comes after all that does not, in this order.</summary>
    private static readonly string[] Last = ["publish", "withdraw", "go-live", "end", "close", "cancel", "stop", "revoke", "deactivate", "reactivate"];

    /// <summary>Makes something new below what its path names, so there is nothing before.</summary>
    private static readonly string[] Makes = ["AddAbsence", "SubmitSlotRequest", "CreateCodeBatch", "IssueCoupons"];

    /// <summary>What it asks for is so already, in the world of this test.</summary>
    private static readonly string[] ChangesNothing = ["MoveUnit", "SubmitSession"];

    /// <summary>
    /// What the world of this test does not come to, or only sometimes. Those of a session take it by the same steps as its other
    /// edits, those of a proposal by those of its period, a slot request like its edit; a review that comes too early here is written like the other one; a
    /// campaign is approved like it is paused; and tests of coupons look at what is voided and at jobs that are cancelled.
    /// </summary>
    private static readonly string[] NotReached =
    [
        "AcceptSlot", "RejectSession", "WithdrawSession", "CancelSession", "EditProposalItem", "PublishPeriod", "WithdrawSlotRequest", "WriteQuantitativeReview",
        "ApproveCampaign", "VoidCoupon", "CancelIssue",
    ];

    [Test]
    public async Task EveryEdit_SaysWhatItWasBefore_AndWhatItBecame()
    {
        await using var world = await World.Create();
        var reached = new List<string>();
        var refused = new List<string>();
        // Several times: what is refused as things are may work after another edit, and what ends things comes last.
        var edits = Edits(world).Where(e => Probes.All.ContainsKey(e.Key)).ToList();
        foreach (var (name, key, roles) in edits.Where(e => Rank(e.Key) < 0).Concat(edits).Concat(edits).Where(e => !reached.Contains(e.Name)))
        {
            var answers = new List<Answer>();
            foreach (var role in roles)
            {
                var client = role == Role.Operator ? world.AtRoot(role) : world.At(Place.Above, role);
                answers.Add(await Carry(client, new HttpMethod(key.Split(' ')[0]), Probes.All[key], world));
                if (answers[^1].Status >= 300) continue;
                // Something may only be there from now on.
                await Carry(client, new HttpMethod(key.Split(' ')[0]), Probes.All[key], world);
                break;
            }
            if (answers[^1].Status < 300) reached.Add(name);
            else refused.Add($"{name}: {answers[^1].Code}");
            if (name == "DeactivateHeadquarters") await world.AtRoot(Role.Operator).Post($"/organization/headquarters/{world.HeadquartersId}/reactivate");
            await world.Settle();
        }
        refused.RemoveAll(r => reached.Contains(r.Split(':')[0]));
        var entries = new List<(string Action, bool SaysWhat)>();
        foreach (var client in new[] { world.At(Place.Above, Role.Admin), world.AtRoot(Role.Admin) })
        {
            for (string? next = "/organization/audit/all?limit=200"; next is not null;)
            {
                var page = (await client.Get(next)).Json;
                entries.AddRange(page["items"]!.AsArray().Select(e => ((string)e!["action"]!, e["before"] is JsonObject { Count: > 0 } || (e["before"] is not null && e["after"] is JsonObject { Count: > 0 }))));
                next = (string?)page["next"] is { } after ? $"/organization/audit/all?limit=200&after={after}" : null;
            }
        }
        var silent = reached.Where(name => !entries.Any(e => e.Action == name && e.SaysWhat)).ToList();
        using var all = Assert.EnterMultipleScope();
        Assert.That(silent, Is.EquivalentTo(Makes.Concat(ChangesNothing)), string.Join(", ", silent));
        Assert.That(refused.Select(r => r.Split(':')[0]).Distinct(), Is.SubsetOf(NotReached), string.Join(", ", refused));
        Assert.That(reached, Has.Count.GreaterThan(40));
    }

    /// <summary>With the version it has, whichever that is.</summary>
    private static async Task<Answer> Carry(HttpClient client, HttpMethod method, Probe probe, World world)
    {
        for (var version = 0; ; version++)
        {
            var headers = probe.Headers.Select(h => h.Item1 == "If-Match" ? (h.Item1, $"\"{version}\"") : h).ToArray();
            var answer = await client.Send(method, probe.Path(world), probe.Body?.Invoke(world), headers);
            if (answer.Status != 412 || version > 12) return answer;
        }
    }

    /// <summary>A path that names something, and a body or a verb that changes it; shops' own doings are not audited.</summary>
    private static IEnumerable<(string Name, string Key, IReadOnlyList<Role> Roles)> Edits(World world) =>
        from endpoint in world.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]
        let allow = endpoint.Metadata.GetMetadata<AllowMetadata>()
        where allow is not null && method is "PUT" or "POST"
        let key = $"{method} {Parameter().Replace(endpoint.RoutePattern.RawText!, "{}")}"
        where key.Contains("{}") && AccessTable.Roles[allow.Permission].Any(People.Contains)
        orderby method descending, Rank(key)
        select (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, key, (IReadOnlyList<Role>)[.. People.Where(AccessTable.Roles[allow.Permission].Contains)]);

    private static int Rank(string key) => Array.IndexOf(Last, key[(key.LastIndexOf('/') + 1)..]);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
