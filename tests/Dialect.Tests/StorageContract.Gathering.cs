using System.Collections.Concurrent;
using System.Diagnostics;
using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Dialect.Tests;

/// <summary>What is asked at the same moment is carried out together; and set-based writes.</summary>
internal abstract partial class StorageContract
{
    private static readonly RejectionKind Refused = new("thing.refused", 409, "Refused.");

    private const string InsertMany =
        "INSERT INTO Things (Id, Code, At, PriceMinor, IsOpen, Kind, Remaining) " +
        $"SELECT {Sql.Field}(value, '$.Id'), {Sql.Field}(value, '$.Code'), @Now, {Sql.Field}(value, '$.PriceMinor'), 1, 'Plain', 0 FROM {Sql.Rows}";

    [Test]
    public async Task WhatIsAskedTogether_IsAnsweredEachForItself_AfterOneCommit()
    {
        var batches = 0;
        var gathering = Gather(_ => Interlocked.Increment(ref batches));
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => gathering.Ask(i % 10 == 3 ? $"refuse-{i}" : $"keep-{i}", CancellationToken.None)));
        Assert.That(results.Count(r => r.IsRejected), Is.EqualTo(50));
        for (var i = 0; i < 500; i++) Assert.That(results[i].IsRejected ? "refused" : results[i].Value, Is.EqualTo(i % 10 == 3 ? "refused" : $"keep-{i}"));
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(450));
        Assert.That(batches, Is.LessThan(500), "they shared");
    }

    [Test]
    public async Task OneThatThrows_HarmsNobodyItWasGatheredWith()
    {
        var gathering = Gather(_ => { });
        var asked = Enumerable.Range(0, 100).Select(i => gathering.Ask(i == 50 ? "throw" : $"keep-{i}", CancellationToken.None)).ToList();
        Assert.That(async () => await asked[50], Throws.InvalidOperationException);
        foreach (var other in asked.Where((_, i) => i != 50)) Assert.That((await other).IsRejected, Is.False);
        Assert.That(await Db.Scalar<long>(Thing.Count), Is.EqualTo(99));
    }

    [Test]
    public async Task WhoHasGone_IsLeftOut()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var gathering = Gather(_ => { });
        Assert.That(async () => await gathering.Ask("never", gone.Token), Throws.InstanceOf<OperationCanceledException>());
        await gathering.Ask("kept", CancellationToken.None);
        Assert.That(await Db.Query<string>("SELECT Code FROM Things"), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task MoreThanMayWait_IsRefusedAtOnce()
    {
        var release = new TaskCompletionSource();
        var gathering = new Gathering<int, int>(Db, new StorageOptions { QueueLimit = 8, GroupSize = 4 }, async (_, items) =>
        {
            await release.Task;
            return [.. items.Select(i => (Result<int>)i)];
        });
        var asked = new List<Task<Result<int>>>();
        var refused = 0;
        for (var i = 0; i < 100; i++)
        {
            try
            {
                asked.Add(gathering.Ask(i, CancellationToken.None));
            }
            catch (RejectionException e)
            {
                Assert.That((e.Rejection.Kind, e.Rejection.RetryAfter), Is.EqualTo((CommonRejections.Overloaded, TimeSpan.FromSeconds(1))));
                refused++;
            }
        }
        Assert.That(refused, Is.GreaterThanOrEqualTo(100 - 8 - 4));
        release.SetResult();
        Assert.That((await Task.WhenAll(asked)).Select(r => r.Value), Is.Unique);
    }

    [Test]
    public async Task WhoWouldWaitTooLong_IsRefused_UnlessTheCrowdIsASuddenOne()
    {
        var opened = new TaskCompletionSource();
        var gate = opened.Task;
        var options = new StorageOptions { GroupSize = 16, LongestWaitMs = 40 };
        var gathering = new Gathering<int, int>(Db, options, async (_, items) =>
        {
            await gate;
            Clock.Advance(TimeSpan.FromSeconds(1));
            return [.. items.Select(i => (Result<int>)i)];
        });
        // All are in before the first is out: how quick they are is measured over a crowd, and a lone one would begin another.
        var crowd = Enumerable.Range(0, 64).Select(i => gathering.Ask(i, CancellationToken.None)).ToList();
        opened.SetResult();
        await Task.WhenAll(crowd);
        opened = new TaskCompletionSource();
        gate = opened.Task;
        var asked = new List<Task<Result<int>>>();
        for (var i = 0; i < 2000; i++)
        {
            try
            {
                asked.Add(gathering.Ask(i, CancellationToken.None));
            }
            catch (RejectionException e)
            {
                Assert.That(e.Rejection.Kind, Is.EqualTo(CommonRejections.Overloaded));
            }
        }
        opened.SetResult();
        Assert.That((await Task.WhenAll(asked)).Select(r => r.Value), Is.Unique);
        Assert.That(asked, Has.Count.EqualTo((2 * options.GroupSize) + 512), "two groups, and a burst that is answered late rather than refused");
        Assert.That((await gathering.Ask(1, CancellationToken.None)).IsRejected, Is.False, "a lone caller is not asked to wait for anybody");
    }

    [Test]
    public async Task ABatch_IsNoneOfItsCallersWork()
    {
        using var source = new ActivitySource(nameof(ABatch_IsNoneOfItsCallersWork));
        using var listener = new ActivityListener { ShouldListenTo = s => s == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        var mark = new AsyncLocal<string?>();
        var seen = new ConcurrentQueue<(string? Activity, string? Mark)>();
        var gathering = new Gathering<int, int>(Db, new StorageOptions(), (_, items) =>
        {
            seen.Enqueue((Activity.Current?.Id, mark.Value));
            return Task.FromResult<IReadOnlyList<Result<int>>>([.. items.Select(i => (Result<int>)i)]);
        });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var caller = source.StartActivity("caller");
            Assert.That(caller, Is.Not.Null);
            mark.Value = $"caller-{i}";
            await gathering.Ask(i, CancellationToken.None);
            Assert.That((Activity.Current, mark.Value), Is.EqualTo((caller, $"caller-{i}")), "and a caller keeps its own");
        }));
        Assert.That(seen, Is.Not.Empty.And.All.EqualTo(((string?)null, (string?)null)));
    }

    private Gathering<string, string> Gather(Action<int> carriedOut) => new(Db, new StorageOptions(), async (work, codes) =>
    {
        carriedOut(codes.Count);
        var kept = codes.Where(c => !c.StartsWith("refuse", StringComparison.Ordinal)).ToList();
        await work.Execute(InsertMany, new { Rows = Sql.Json(kept.Select(c => new { Id = Clock.NewId(), Code = c, PriceMinor = 1L })), work.Now });
        if (codes.Contains("throw")) throw new InvalidOperationException("It cannot be carried out.");
        return [.. codes.Select(c => kept.Contains(c) ? (Result<string>)c : Refused.Because(c))];
    });
}
