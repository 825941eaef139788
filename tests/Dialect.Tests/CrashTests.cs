using System.Diagnostics;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveCommerce.Dialect.Tests;

/// <summary>This program, started again as a process that may be killed.</summary>
internal static class Program
{
    internal const string WriteVerb = "write";
    internal const string MigrateVerb = "migrate";

    internal static ContractDb OpenIn(string folder) =>
        new("crash", new ServiceDbSetup(new StorageOptions { Folder = folder }, TimeProvider.System, NullLoggerFactory.Instance));

    private static async Task<int> Main(string[] args)
    {
        if (args is not [var verb, var folder]) return 0;
        await using var db = OpenIn(folder);
        await db.Migrate();
        if (verb == MigrateVerb) return 0;
        // Until killed: writes, and says so once it is told that each write is safe.
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var thing = new Thing { Code = TimeProvider.System.NewId().ToString() };
                await db.InTransaction<Done>(async work =>
                {
                    await work.Execute(Thing.Insert, thing.ToParameters());
                    work.Send(new OutgoingMessage { MessageId = thing.Id, Type = "urn:message:test", Body = thing.Code });
                    return new Done();
                });
                Console.WriteLine(thing.Code);
            }
        })));
        return 0;
    }
}

[Parallelizable(ParallelScope.All)]
internal sealed class CrashTests
{
    [Test]
    public async Task WhatWasAcknowledged_IsThere_AfterTheProcessWasKilled()
    {
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        var acknowledged = new List<string>();
        for (var life = 0; life < 3; life++)
        {
            using var process = Start(Program.WriteVerb, folder);
            var wanted = acknowledged.Count + 500;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                // The last line may be cut short by the kill.
                if (Guid.TryParseExact(line, "D", out _)) acknowledged.Add(line);
                if (acknowledged.Count == wanted) process.Kill();
            }
            await process.WaitForExitAsync();
            Assert.That(process.ExitCode, Is.EqualTo(137), "killed, not ended");
        }
        await using var db = Program.OpenIn(folder);
        await db.Migrate();
        var stored = (await db.Query<string>("SELECT Code FROM Things")).ToHashSet();
        var outgoing = (await db.Query<string>("SELECT Body FROM Outbox")).ToHashSet();
        Assert.That(acknowledged, Has.Count.GreaterThanOrEqualTo(1500));
        Assert.That(acknowledged.Where(c => !stored.Contains(c)), Is.Empty);
        Assert.That(stored.SetEquals(outgoing), "a change and its message, both or neither");
        Assert.That(await db.Scalar<string>("PRAGMA integrity_check"), Is.EqualTo("ok"));
        await Write(db);
        await db.DisposeAsync();
        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EqualTo(new[] { "crash.db" }), "an orderly end leaves one file");
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task ProcessesThatStartTogether_MigrateOnce()
    {
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        var processes = Enumerable.Range(0, 3).Select(_ => Start(Program.MigrateVerb, folder)).ToList();
        foreach (var process in processes)
        {
            await process.WaitForExitAsync();
            Assert.That(process.ExitCode, Is.Zero, await process.StandardError.ReadToEndAsync());
            process.Dispose();
        }
        await using var db = Program.OpenIn(folder);
        Assert.That(await db.Scalar<long>("SELECT COUNT(*) FROM SchemaMigrations"), Is.EqualTo(5));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task AFileThatCannotBeOpened_AnswersEveryWriteWithAnError_AndIsTriedAgain()
    {
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        var inTheWay = Path.Combine(folder, "crash.db");
        Directory.CreateDirectory(inTheWay);
        await using var db = Program.OpenIn(folder);
        for (var i = 0; i < 2; i++)
            Assert.That(async () => await Write(db).WaitAsync(TimeSpan.FromMinutes(2)), Throws.InstanceOf<System.Data.Common.DbException>());
        Directory.Delete(inTheWay);
        await db.Migrate();
        Assert.That((await Write(db)).IsRejected, Is.False);
    }

    [Test]
    public async Task AWriteNobodyWaitsForAnyMore_IsLeftOut()
    {
        var folder = Directory.CreateTempSubdirectory("live-commerce-").FullName;
        await using var db = Program.OpenIn(folder);
        await db.Migrate();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = db.InTransaction<Done>(async _ =>
        {
            running.TrySetResult();
            await gate.Task;
            return new Done();
        });
        await running.Task;
        using var gone = new CancellationTokenSource();
        var second = Write(db, gone.Token);
        var third = Write(db);
        await gone.CancelAsync();
        gate.SetResult();
        await first;
        await third;
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await db.Scalar<long>(Thing.Count), Is.EqualTo(1));
    }

    private static Task<Result<Done>> Write(ContractDb db, CancellationToken ct = default) => db.InTransaction<Done>(async work =>
    {
        await work.Execute(Thing.Insert, new Thing { Code = TimeProvider.System.NewId().ToString() }.ToParameters());
        return new Done();
    }, ct);

    private static Process Start(string verb, string folder)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(Program).Assembly.Location, verb, folder]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
