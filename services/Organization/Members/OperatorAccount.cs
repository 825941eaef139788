using System.Security.Cryptography;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Organization.Units;
using Microsoft.AspNetCore.Identity;

namespace LiveCommerce.Organization.Members;

/// <summary>
/// Somebody has to open the first headquarters. At first start the client program <c>operator</c> is created; its secret is
/// <c>Operator:Secret</c> of the configuration, or else made up and left in <c>operator-secret.txt</c> in the data folder.
/// </summary>
internal sealed class OperatorAccount(
    OrganizationDb db, TimeProvider clock, PasswordHasher<MemberRow> hasher, StorageOptions storage, IConfiguration configuration) : IHostedService
{
    internal const string SignInName = "operator";
    internal const string SecretFile = "operator-secret.txt";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await db.Find<MemberRow>(MemberSql.BySignInName, new { SignInName }, cancellationToken) is not null) return;
        var secret = configuration["Operator:Secret"] ?? LeaveSecret();
        var row = MemberRow.Create(clock, new UnitRow { Path = UnitPath.Root }, SignInName, "Operator", [Role.Operator], secret, hasher, isProgram: true);
        await db.InTransaction<Done>(async work =>
        {
            if (await work.Find<MemberRow>(MemberSql.BySignInName, new { SignInName }) is null) await work.Execute(MemberSql.Insert, row);
            return new Done();
        }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Written before the account exists, so that a process killed between the two leaves no account without a known secret.
    private string LeaveSecret()
    {
        Directory.CreateDirectory(storage.Folder);
        var file = Path.Combine(storage.Folder, SecretFile);
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        var secret = RandomNumberGenerator.GetHexString(40, lowercase: true);
        // Whole or not at all, and nobody else's to read from the first byte.
        var draft = $"{file}.{Environment.ProcessId}";
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, mode)) writer.Write(secret);
        File.Move(draft, file, overwrite: true);
        return secret;
    }
}
