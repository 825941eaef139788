using LiveCommerce.Hosting;
using LiveCommerce.Support;

namespace LiveCommerce.Coupons.Tests.Model;

/// <summary>Random lives of two small campaigns, step by step against a model that knows no database. A life that fails is shortened.</summary>
internal abstract class CouponModelTests
{
    private Stage _stage = null!;

    [OneTimeSetUp]
    public async Task SetStage() => _stage = await Stage.Set(Storage());

    [OneTimeTearDown]
    public async Task Clear()
    {
        if (_stage is not null) await _stage.DisposeAsync();
    }

    [FsCheck.NUnit.Property(MaxTest = 400, EndSize = 60)]
    public void EveryAnswer_AndEverythingThatIsKept_IsTheModels(Step[] steps) => Live(steps).GetAwaiter().GetResult();

    [FsCheck.NUnit.Property(MaxTest = 8, StartSize = 30, EndSize = 60)]
    public void WhatWasAnswered_OutlivesTheProcess(Step[] steps) => LiveOn(steps).GetAwaiter().GetResult();

    protected abstract StageStorage Storage();

    private async Task Live(Step[] steps)
    {
        var life = await CouponLife.Begin(_stage);
        for (var i = 0; i < steps.Length; i++)
        {
            await life.Take(steps[i]);
            if (i % 25 == 24) await life.Compare();
        }
        await life.Compare();
    }

    private async Task LiveOn(Step[] steps)
    {
        var life = await CouponLife.Begin(_stage);
        foreach (var some in steps.Chunk(15))
        {
            foreach (var step in some) await life.Take(step);
            await _stage.Restart();
            await life.Compare();
        }
        var recount = (await _stage.Host.At("/", Role.Operator).Post("/coupons/operations/verify-figures")).Json;
        Assert.That(recount["differences"]!.AsArray(), Is.Empty, recount.ToJsonString());
    }
}

internal sealed class CouponsOnSqlite : CouponModelTests
{
    protected override StageStorage Storage() => StageStorage.Sqlite;
}

internal sealed class CouponsOnSqlServer : CouponModelTests
{
    protected override StageStorage Storage() => StageStorage.SqlServer();
}
