using System.Text;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using GrainKube.Objects.Tests.Encryption.Kms;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Objects.Tests.Encryption;

public sealed class EncryptionReloadTests : IAsyncLifetime
{
    private const string Secret = "/registry/secrets/default/s";
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly EmbeddedObjectStore raw = new(new EmbeddedStoreOptions { Ephemeral = true });
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("reload-");
    private EncryptedObjectStore store = null!;
    private EncryptionReload reload = null!;

    private string Config => Path.Combine(directory.FullName, "encryption.yaml");

    [Fact]
    public async Task A_new_first_key_writes_at_the_next_look_and_makes_old_values_stale()
    {
        await PutAsync("hush");
        Assert.False(await store.IsStaleAsync(Secret, Never));
        await WriteAsync($"aesgcm: {{keys: [{{name: two, secret: {Keys.Two}}}, {{name: one, secret: {Keys.One}}}]}}");
        await reload.StartAsync(Never);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await store.IsStaleAsync(Secret, Never))
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }

        await reload.StopAsync(Never);
        Assert.Equal("hush", await TextAsync());
        await PutAsync("hush");
        Assert.False(await store.IsStaleAsync(Secret, Never));
        Assert.StartsWith("k8s:enc:aesgcm:v1:two:", await RawAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("]")]
    [InlineData("kind: EncryptionConfiguration")]
    [InlineData(null)]
    public async Task A_file_that_cannot_be_used_harms_nobody(string? text)
    {
        await PutAsync("hush");
        if (text is null)
        {
            File.Delete(Config);
        }
        else
        {
            await File.WriteAllTextAsync(Config, text);
        }

        await reload.LookAsync(Never);
        await PutAsync("hush hush");
        Assert.Equal("hush hush", await TextAsync());
        Assert.StartsWith("k8s:enc:aesgcm:v1:one:", await RawAsync(), StringComparison.Ordinal);

        await WriteAsync($"aesgcm: {{keys: [{{name: two, secret: {Keys.Two}}}, {{name: one, secret: {Keys.One}}}]}}");
        await reload.LookAsync(Never);
        Assert.True(await store.IsStaleAsync(Secret, Never));
    }

    [Fact]
    public async Task A_plugin_takes_over_when_it_is_well_and_is_left_when_the_file_forgets_it()
    {
        await using var plugin = new TestPlugin(Path.Combine(directory.FullName, "s"));
        await PutAsync("hush");
        await WriteAsync($"kms: {{apiVersion: v2, name: keeper, endpoint: '{plugin.Endpoint}'}}", $"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}");

        // It is not there. What is done about it is waited for in steps that nothing else counts.
        var looking = reload.LookAsync(Never);
        while (!looking.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Never);
        }

        await looking;
        await PutAsync("hush");
        Assert.StartsWith("k8s:enc:aesgcm:v1:one:", await RawAsync(), StringComparison.Ordinal);

        await plugin.StartAsync();
        await reload.LookAsync(Never);
        Assert.True(store.Configuration.UsesPlugins);
        Assert.True(await store.IsStaleAsync(Secret, Never));
        await PutAsync("hush");
        Assert.StartsWith("k8s:enc:kms:v2:keeper:", await RawAsync(), StringComparison.Ordinal);

        await WriteAsync($"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}", $"kms: {{apiVersion: v2, name: keeper, endpoint: '{plugin.Endpoint}'}}");
        await reload.LookAsync(Never);
        Assert.Equal("hush", await TextAsync());
        await PutAsync("hush");
        await WriteAsync($"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}");
        await reload.LookAsync(Never);
        await plugin.StopAsync();
        Assert.Equal("hush", await TextAsync());
        await store.Configuration.CheckAsync(Never);
    }

    public async Task InitializeAsync()
    {
        await WriteAsync($"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}");
        store = new EncryptedObjectStore(raw, await EncryptionConfiguration.LoadAsync(Config, time, NullLoggerFactory.Instance, Never), ["secrets"], time);
        reload = new EncryptionReload(store, Config, time, NullLoggerFactory.Instance);
    }

    public async Task DisposeAsync()
    {
        reload.Dispose();
        await store.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private async Task WriteAsync(params string[] providers) => await File.WriteAllTextAsync(Config, Keys.Yaml("secrets", providers));

    private async Task PutAsync(string text) =>
        Assert.True((await store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(Secret, Encoding.UTF8.GetBytes(text))]), Never)).Succeeded);

    private async Task<string> TextAsync() => Encoding.UTF8.GetString((await store.GetAsync(Secret, Never))!.Value.Span);

    private async Task<string> RawAsync() => Encoding.Latin1.GetString((await raw.GetAsync(Secret, Never))!.Value.Span);
}
