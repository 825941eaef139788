using System.Collections.Concurrent;
using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Messaging;
using LiveCommerce.Support;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

internal sealed class RepublishTests
{
    [Test]
    public async Task EveryChangeIsPublishedWithItsState()
    {
        await using var tree = await Tree.GrowBeside(new RecorderModule());
        var (brand, mandate) = await ChangeThings(tree);
        await tree.Host.Settle();
        var seen = Seen(tree);
        Assert.That(seen.OfType<UnitChanged>().Select(u => (u.UnitId, u.Version)), Is.EquivalentTo(new[]
        {
            (tree.Aurora, 1L), (tree.Borealis, 1), (tree.North, 1), (tree.North, 2), (tree.South, 1), (tree.East, 1), (tree.R7, 1), (tree.S1, 1),
        }));
        Assert.That(seen.OfType<BrandChanged>().Select(b => (b.BrandId, b.Version, b.Grade)), Is.EquivalentTo(new[] { (brand, 1L, "A"), (brand, 2, "C") }));
        Assert.That(seen.OfType<MandateChanged>().Select(m => (m.MandateId, m.Version, m.RevokedAt)), Is.EquivalentTo(new[]
        {
            (mandate, 1L, (DateTimeOffset?)null), (mandate, 2, ManualClock.Start),
        }), "revoked twice, said once");
        var granted = seen.OfType<MandateChanged>().Single(m => m.Version == 1);
        Assert.That(granted.BrandIds, Is.EqualTo(new[] { brand }));
        Assert.That(granted.Channels, Is.EqualTo(new[] { ChannelKind.MiniProgram, ChannelKind.VideoAccount }));
        Assert.That((granted.ResellerId, granted.ResellerPath, granted.SessionsPerWeek, granted.DeepestDiscountPercent, granted.CouponQuota), Is.EqualTo((tree.R7, Tree.R7Path, 3, 40, 10_000L)));
    }

    [Test]
    public async Task TheStateOfEverythingIsPublishedAgain_WithTheVersionItHas()
    {
        await using var tree = await Tree.GrowBeside(new RecorderModule());
        var (brand, mandate) = await ChangeThings(tree);
        await tree.Host.Settle();
        var newest = Newest(Seen(tree));
        Seen(tree).Clear();

        var answer = await tree.Host.At("/", Role.Operator).Post("/organization/operations/republish");
        Assert.That(answer.Status, Is.EqualTo(202), answer.Content);
        Assert.That(((int)answer.Json["units"]!, (int)answer.Json["brands"]!, (int)answer.Json["mandates"]!, (int)answer.Json["members"]!), Is.EqualTo((7, 1, 1, 3)));
        await tree.Host.Settle();
        var again = Seen(tree);
        Assert.That(again, Has.Count.EqualTo(9), "each once");
        Assert.That(again.Select(Text), Is.EquivalentTo(newest.Select(Text)));
        Assert.That(again.OfType<BrandChanged>().Single(), Has.Property("Version").EqualTo(2).And.Property("BrandId").EqualTo(brand));
        Assert.That(again.OfType<MandateChanged>().Single(), Has.Property("Version").EqualTo(2).And.Property("MandateId").EqualTo(mandate));
    }

    [Test]
    public async Task MoreThanAPageIsPublishedToo()
    {
        await using var tree = await Tree.GrowBeside(new RecorderModule());
        const int many = 520;
        await Task.WhenAll(Enumerable.Range(0, many).Select(i => tree.Brand(Tree.Hq, $"b{i}")));
        await tree.Host.Settle();
        Seen(tree).Clear();
        var answer = await tree.Host.At("/", Role.Operator).Post("/organization/operations/republish");
        Assert.That((int)answer.Json["brands"]!, Is.EqualTo(many));
        await tree.Host.Settle();
        Assert.That(Seen(tree).OfType<BrandChanged>().Select(b => b.Code).Distinct().Count(), Is.EqualTo(many));
    }

    [Test]
    public async Task OnlyTheOperatorAsksForIt()
    {
        await using var tree = await Tree.Grow();
        Assert.That((await tree.Admin(Tree.Hq).Post("/organization/operations/republish")).Code, Is.EqualTo("access.forbidden"));
        Assert.That((await tree.Host.Anonymous().Post("/organization/operations/republish")).Code, Is.EqualTo("access.unauthenticated"));
    }

    private static async Task<(Guid Brand, Guid Mandate)> ChangeThings(Tree tree)
    {
        var hq = tree.Admin(Tree.Hq);
        var brand = await tree.Brand(Tree.Hq, "women");
        var mandate = Tree.Created(await tree.Mandate(Tree.NorthPath, tree.R7, brand)).Id;
        await hq.Put($"/organization/units/{tree.North}", new { name = "Far North", timeZone = "Asia/Harbin" }, ("If-Match", "\"1\""));
        await hq.Put($"/organization/brands/{brand}", new { name = "Women", grade = "C" }, ("If-Match", "\"1\""));
        await hq.Post($"/organization/mandates/{mandate}/revoke");
        await hq.Post($"/organization/mandates/{mandate}/revoke");
        return (brand, mandate);
    }

    internal static ConcurrentQueue<object> Seen(Tree tree) => tree.Host.Services.GetRequiredService<ConcurrentQueue<object>>();

    private static IEnumerable<object> Newest(IEnumerable<object> events) => events.GroupBy(IdOf).Select(g => g.MaxBy(VersionOf)!);

    private static Guid IdOf(object e) => e switch { UnitChanged u => u.UnitId, BrandChanged b => b.BrandId, _ => ((MandateChanged)e).MandateId };

    private static long VersionOf(object e) => e switch { UnitChanged u => u.Version, BrandChanged b => b.Version, _ => ((MandateChanged)e).Version };

    private static string Text(object e) => System.Text.Json.JsonSerializer.Serialize(e, e.GetType(), MessageCatalogue.Json);

    /// <summary>Another service, as far as Organization can tell.</summary>
    internal sealed class RecorderModule : IServiceModule
    {
        public string Name => "recorder";

        public string Summary => "Remembers what it hears.";

        public IReadOnlyList<Type> Reactions => [typeof(OnOrganizationChanged)];

        public void AddServices(IServiceCollection services) => services.AddServiceDb<RecorderDb>().AddSingleton<ConcurrentQueue<object>>();

        public void MapEndpoints(IEndpointRouteBuilder routes)
        {
        }
    }

    internal sealed class RecorderDb(ServiceDbSetup setup) : ServiceDb("recorder", setup);

    internal sealed class OnOrganizationChanged(RecorderDb db, BusOptions bus, ConcurrentQueue<object> seen)
        : Reaction(db, bus), IConsumer<UnitChanged>, IConsumer<BrandChanged>, IConsumer<MandateChanged>
    {
        public Task Consume(ConsumeContext<UnitChanged> context) => React(context, Record);

        public Task Consume(ConsumeContext<BrandChanged> context) => React(context, Record);

        public Task Consume(ConsumeContext<MandateChanged> context) => React(context, Record);

        private Task Record(object e, UnitOfWork work)
        {
            seen.Enqueue(e);
            return Task.CompletedTask;
        }
    }
}
