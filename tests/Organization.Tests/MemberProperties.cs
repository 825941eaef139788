using LiveCommerce.Hosting;
using LiveCommerce.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LiveCommerce.Organization.Tests;

/// <summary>Random lives of members against models that know nothing but a few variables.</summary>
internal sealed class MemberProperties
{
    private const string Password = "a-long-enough-secret";

    private static int _serial;

    private Tree _tree = null!;

    [OneTimeSetUp]
    public async Task GrowOnce()
    {
        _tree = await Tree.Grow();
        // One address does all that is tried here.
        _tree.Host.Services.GetRequiredService<AccessTokenOptions>().AttemptsPerMinute = 1_000_000;
    }

    [OneTimeTearDown]
    public async Task Fell() => await _tree.DisposeAsync();

    [FsCheck.NUnit.Property(MaxTest = 15)]
    public void WhateverIsTriedWhen_ANameIsLockedJustAsLongAsTheRuleSays((byte, byte)[] steps) => Try(steps).GetAwaiter().GetResult();

    [FsCheck.NUnit.Property(MaxTest = 15)]
    public void WhoeverIsSuspendedReinstatedOrGivenOtherRoles_AHeadquartersKeepsAnAdministrator((byte, byte)[] steps) => Change(steps).GetAwaiter().GetResult();

    private async Task Try((byte, byte)[] steps)
    {
        var name = $"member-{Interlocked.Increment(ref _serial)}";
        await SuspensionTests.Add(_tree, name, "Planner");
        var (failures, lockedUntil, latest) = (0, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        foreach (var (action, minutes) in steps)
        {
            // Mostly failures: else no row of them is ever long enough.
            var isRight = action % 7 == 0;
            if (action % 3 == 0) _tree.Host.Clock.Advance(minutes > 250 ? TimeSpan.FromHours(25) : TimeSpan.FromMinutes(minutes % 17));
            var now = _tree.Host.Clock.GetUtcNow();
            var (status, _) = await SuspensionTests.SignIn(_tree, name, isRight ? Password : "a-wrong-password");
            if (now < lockedUntil)
            {
                Assert.That(status, Is.EqualTo(429));
                continue;
            }
            Assert.That(status, Is.EqualTo(isRight ? 200 : 401));
            if (isRight)
            {
                failures = 0;
                continue;
            }
            failures = latest.AddDays(1) < now ? 1 : failures + 1;
            latest = now;
            if (failures >= 5) lockedUntil = now.AddMinutes(new[] { 1, 2, 4, 8, 15 }[Math.Min(failures - 5, 4)]);
        }
    }

    private async Task Change((byte, byte)[] steps)
    {
        var code = $"hq-{Interlocked.Increment(ref _serial)}";
        var opened = await _tree.Host.At("/", Role.Operator).Post("/organization/headquarters", new
        {
            code,
            name = code,
            timeZone = "Asia/Shanghai",
            currency = "CNY",
            admin = new { signInName = $"admin@{code}", displayName = "A", password = Password },
        });
        var admin = _tree.Admin($"/{code}/");
        for (var i = 0; i < 2; i++)
            Tree.Created(await admin.Post("/organization/members", new { unitId = opened.Id, signInName = $"m{i}@{code}", displayName = "M", password = Password, roles = new[] { "Admin" } }));
        var model = (await admin.Get("/organization/members")).Json["items"]!.AsArray().Select(m => (Guid)m!["id"]!).ToDictionary(id => id, _ => (IsAdmin: true, IsSuspended: false));
        foreach (var (action, which) in steps)
        {
            var id = model.Keys.Order().ElementAt(which % model.Count);
            var before = model[id];
            var after = (action % 4) switch
            {
                0 => before with { IsSuspended = true },
                1 => before with { IsSuspended = false },
                2 => before with { IsAdmin = false },
                _ => before with { IsAdmin = true },
            };
            var stays = model.Any(m => m.Key != id ? m.Value is (true, false) : after is (true, false));
            var answer = (action % 4) switch
            {
                0 => await admin.Post($"/organization/members/{id}/suspend"),
                1 => await admin.Post($"/organization/members/{id}/reinstate"),
                _ => await admin.Put($"/organization/members/{id}", new { displayName = "M", roles = new[] { after.IsAdmin ? "Admin" : "Analyst" } }, ("If-Match", (await admin.Get($"/organization/members/{id}")).ETag!)),
            };
            Assert.That((answer.Status, answer.Code), Is.EqualTo(stays ? (200, (string?)null) : (409, "member.last_admin")));
            if (stays) model[id] = after;
            var view = (await admin.Get($"/organization/members/{id}")).Json;
            Assert.That(((bool)view["isSuspended"]!, (string)view["roles"]![0]!), Is.EqualTo((model[id].IsSuspended, model[id].IsAdmin ? "Admin" : "Analyst")));
        }
    }
}
