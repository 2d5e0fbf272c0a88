using System.Text;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GrainKube.Objects.Tests.Encryption;

public sealed class EncryptedObjectStoreTests : IAsyncLifetime
{
    private const string Secret = "/registry/secrets/default/s";
    private const string Map = "/registry/configmaps/default/m";
    private readonly EmbeddedObjectStore raw = new(new EmbeddedStoreOptions { Ephemeral = true });

    [Theory]
    [InlineData("aesgcm")]
    [InlineData("aescbc")]
    [InlineData("secretbox")]
    public async Task A_value_lies_encrypted_under_upstreams_prefix_and_is_read_plain(string method)
    {
        var store = Over("secrets", $"{method}: {{keys: [{{name: one, secret: {Keys.One}}}]}}");
        await PutAsync(store, Secret, "hush");
        await PutAsync(store, Map, "open");
        Assert.StartsWith($"k8s:enc:{method}:v1:one:", await RawAsync(Secret), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", await RawAsync(Secret), StringComparison.Ordinal);
        Assert.Equal("open", await RawAsync(Map));
        Assert.Equal("hush", Text((await store.GetAsync(Secret, CancellationToken.None))!.Value));
        Assert.Equal(["open", "hush"], (await store.ListAsync("/registry/", default, CancellationToken.None)).Items.Select(i => Text(i.Value)));
        await foreach (var changes in store.WatchAsync("/registry/", 0, CancellationToken.None))
        {
            Assert.Equal("hush", Text(changes.Items[0].Value!.Value));
            break;
        }

        var refused = await store.CommitAsync(StoreTransaction.Create(Secret, "again"u8.ToArray()), CancellationToken.None);
        Assert.Equal("hush", Text(refused.Current[0]!.Value));
    }

    [Fact]
    public void Secretbox_is_that_of_NaCl()
    {
        // The example of NaCl's own tests.
        var key = Convert.FromHexString("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        var box = Convert.FromHexString(
            "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"
            + "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8a"
            + "b932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");
        var plain = new SecretboxCipher("k", key).Decrypt(box, default);
        Assert.StartsWith("BE075FC53C81F2D5CF141316EBEB0C7B", Convert.ToHexString(plain), StringComparison.Ordinal);
        Assert.Equal(131, plain.Length);
    }

    [Fact]
    public async Task A_value_cannot_be_moved_to_another_place_or_changed()
    {
        var store = Over("secrets", $"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}");
        await PutAsync(store, Secret, "hush");
        var bytes = (await raw.GetAsync(Secret, CancellationToken.None))!.Value.ToArray();
        await PutAsync(raw, Secret + "2", bytes);
        bytes[^1] ^= 1;
        await PutAsync(raw, Secret + "3", bytes);
        foreach (var place in (string[])["2", "3"])
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(Secret + place, CancellationToken.None));
            Assert.Equal(StoreError.Unreadable, failure.Error);
        }
    }

    [Fact]
    public async Task Keys_are_changed_by_writing_values_anew()
    {
        var before = Over("secrets", $"aescbc: {{keys: [{{name: one, secret: {Keys.One}}}]}}", "identity: {}");
        await PutAsync(before, Secret, "hush");
        Assert.False(await before.IsStaleAsync(Secret, CancellationToken.None));

        var after = Over("secrets", $"aesgcm: {{keys: [{{name: two, secret: {Keys.Two}}}]}}", $"aescbc: {{keys: [{{name: one, secret: {Keys.One}}}]}}");
        Assert.Equal("hush", Text((await after.GetAsync(Secret, CancellationToken.None))!.Value));
        Assert.True(await after.IsStaleAsync(Secret, CancellationToken.None));
        await PutAsync(after, Secret, "hush");
        Assert.False(await after.IsStaleAsync(Secret, CancellationToken.None));
        Assert.StartsWith("k8s:enc:aesgcm:v1:two:", await RawAsync(Secret), StringComparison.Ordinal);

        // And out of it again.
        var off = Over("secrets", "identity: {}", $"aesgcm: {{keys: [{{name: two, secret: {Keys.Two}}}]}}");
        Assert.True(await off.IsStaleAsync(Secret, CancellationToken.None));
        await PutAsync(off, Secret, "hush");
        Assert.Equal("hush", await RawAsync(Secret));

        var lost = Over("secrets", $"aesgcm: {{keys: [{{name: three, secret: {Keys.Two}}}]}}");
        await PutAsync(after, Secret, "hush");
        Assert.Equal($"unable to transform key \"{Secret}\": no matching prefix found", (await Assert.ThrowsAsync<StoreException>(() => lost.GetAsync(Secret, CancellationToken.None))).Message);
    }

    [Theory]
    [InlineData("secrets", "/registry/secrets/default/s", true)]
    [InlineData("secrets", "/registry/secretsx/default/s", false)]
    [InlineData("secrets", "/registry/example.com/secrets/default/s", false)]
    [InlineData("deployments.apps", "/registry/apps/deployments/default/d", true)]
    [InlineData("'*.apps'", "/registry/apps/statefulsets/default/d", true)]
    [InlineData("'*.'", "/registry/configmaps/default/m", true)]
    [InlineData("'*.'", "/registry/apps/deployments/default/d", false)]
    [InlineData("'*.*'", "/registry/apps/deployments/default/d", true)]
    [InlineData("'*.*'", "/grainkube/pki/ca.key", false)]
    public async Task Resources_are_named_by_group_and_wildcard(string resources, string key, bool sealedThere)
    {
        await PutAsync(Over(resources, $"aesgcm: {{keys: [{{name: one, secret: {Keys.One}}}]}}"), key, "x");
        Assert.Equal(sealedThere, (await RawAsync(key)).StartsWith("k8s:enc:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secrets", "aesgcm: {keys: []}", "resources[0].providers[0].aesgcm.keys: Required value: at least one keys is required")]
    [InlineData("secrets", "aesgcm: {keys: [{name: a, secret: AAAA}]}", "resources[0].providers[0].aesgcm.keys[0].secret: Invalid value: \"REDACTED\": secret is not of the expected length, got 3, expected one of [16 24 32]")]
    [InlineData("secrets", "aesgcm: {keys: [{name: a, secret: '?'}]}", "Invalid value: \"REDACTED\": secrets must be base64 encoded")]
    [InlineData("secrets", "{identity: {}, aesgcm: {}}", "more than one provider specified in a single element, should split into different list elements")]
    [InlineData("secrets", "kms: {}", "resources[0].providers[0].kms.name: Required value: name is a mandatory field for a provider")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a}", "resources[0].providers[0].kms.endpoint: Invalid value: \"\": endpoint is a mandatory field for a kms")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: 'a:b', endpoint: 'unix:///s'}", "kms.name: Invalid value: \"a:b\": invalid KMS provider name a:b, must not contain ':'")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a, endpoint: 'http://s'}", "kms.endpoint: Invalid value: \"http://s\": unsupported scheme \"http\" for KMS provider, only unix is supported")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a, endpoint: '/s'}", "unsupported scheme \"\" for KMS provider, only unix is supported")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a, endpoint: 'unix:///s', timeout: 0s}", "kms.timeout: Invalid value: \"0s\": timeout should be a positive value")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a, endpoint: 'unix:///s', timeout: soon}", "kms.timeout: Invalid value: \"soon\": time: invalid duration \"soon\"")]
    [InlineData("secrets", "kms: {apiVersion: v2, name: a, endpoint: 'unix:///s', cachesize: 10}", "kms.cachesize: Invalid value: 10: cachesize is not supported in v2")]
    [InlineData("secrets", "kms: {apiVersion: v3, name: a, endpoint: 'unix:///s'}", "kms.apiVersion: Invalid value: \"v3\": unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported")]
    [InlineData("secrets", "kms: {name: a, endpoint: 'unix:///s'}", "KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.")]
    [InlineData("secrets", "{}", "provider does not contain any of the expected providers")]
    [InlineData("secrets, secrets", "identity: {}", "the same resource cannot be specified multiple times")]
    [InlineData("secrets, '*.'", "identity: {}", "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked")]
    [InlineData("'*'", "identity: {}", "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources")]
    [InlineData("events.events.k8s.io", "identity: {}", "Use 'events' instead in the config file")]
    [InlineData("'secrets.*'", "identity: {}", "encrypting the same resource across groups is not supported")]
    public void A_configuration_that_makes_no_sense_is_refused(string resources, string provider, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Keys.Configuration(resources, provider)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_of_plugins_are_unique_and_no_rule_hides_another()
    {
        const string Plugin = "kms: {apiVersion: v2, name: a, endpoint: 'unix:///s'}";
        Assert.Contains(
            "resources[0].providers[1].kms.name: Invalid value: \"a\": duplicate KMS provider name a, names must be unique",
            Assert.Throws<FormatException>(() => Keys.Configuration("secrets", Plugin, Plugin)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "resource \"secrets\" is masked by earlier rule \"*.\"",
            Assert.Throws<FormatException>(() => Keys.Configuration("'*.'", "identity: {}\n- resources: [secrets]\n  providers:\n  - identity: {}")).Message, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await raw.DisposeAsync();

    private EncryptedObjectStore Over(string resources, params string[] providers) => new(raw, Keys.Configuration(resources, providers), ["secrets", "configmaps", "secretsx"], TimeProvider.System);

    private static async Task PutAsync(IObjectStore store, string key, string text) => await PutAsync(store, key, Encoding.UTF8.GetBytes(text));

    private static async Task PutAsync(IObjectStore store, string key, byte[] value) =>
        Assert.True((await store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(key, value)]), CancellationToken.None)).Succeeded);

    private async Task<string> RawAsync(string key) => Encoding.Latin1.GetString((await raw.GetAsync(key, CancellationToken.None))!.Value.Span);

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);
}

internal static class Keys
{
    public static string One { get; } = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    public static string Two { get; } = Convert.ToBase64String(Enumerable.Range(0, 16).Select(i => (byte)(200 - i)).ToArray());

    public static EncryptionConfiguration Configuration(string resources, params string[] providers) => Configuration(TimeProvider.System, resources, providers);

    public static EncryptionConfiguration Configuration(TimeProvider time, string resources, params string[] providers) =>
        EncryptionConfiguration.Parse(Encoding.UTF8.GetBytes(Yaml(resources, providers)), time, NullLoggerFactory.Instance);

    public static string Yaml(string resources, params string[] providers) => $$"""
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [{{resources}}]
          providers:
        {{string.Join("\n", providers.Select(p => "  - " + p))}}
        """;
}
