using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Encryption;
using GrainKube.Objects.Encryption.Kms;
using GrainKube.Objects.Encryption.Kms.Wire;
using GrainKube.Objects.Store;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GrainKube.Objects.Tests.Encryption.Kms;

/// <summary>A store whose keys a plugin keeps, and the plugin, each on its own end of a socket.</summary>
public sealed class KmsTests : IAsyncLifetime
{
    private const string Secret = "/registry/secrets/default/s";
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly EmbeddedObjectStore raw = new(new EmbeddedStoreOptions { Ephemeral = true });
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("kms-");
    private readonly List<EncryptionConfiguration> configurations = [];
    private readonly TestPlugin plugin;

    public KmsTests() => plugin = new TestPlugin(Path.Combine(directory.FullName, "s"));

    [Fact]
    public async Task Values_lie_under_upstreams_prefix_and_the_plugin_is_asked_once_for_all_of_them()
    {
        await plugin.StartAsync();
        var writer = await OpenAsync();
        foreach (var name in (string[])["a", "b", "c"])
        {
            await PutAsync(writer, Secret + name, "hush " + name);
        }

        var item = await EnvelopeAsync(Secret + "a");
        Assert.Equal(("key-1", EncryptedDEKSourceType.HkdfSha256XnonceAesGcmSeed), (item.KeyID, item.EncryptedDEKSourceType));
        Assert.Equal("1", item.Annotations["version.test.example.com"].ToStringUtf8());
        Assert.Equal(32 + 12 + "hush a".Length + 16, item.EncryptedData.Length);
        Assert.Equal("hush b", await TextAsync(writer, Secret + "b"));
        Assert.Equal(0, plugin.Decrypts); // what it wrote itself it knows

        var reader = await OpenAsync();
        Assert.Equal(["hush a", "hush b", "hush c"], (await reader.ListAsync("/registry/", default, Never)).Items.Select(i => Encoding.UTF8.GetString(i.Value.Span)));
        Assert.Equal(1, plugin.Decrypts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_kube_apiserver_wrote_is_read(int type)
    {
        await plugin.StartAsync();
        var source = RandomNumberGenerator.GetBytes(32);
        var info = type == 0 ? [] : RandomNumberGenerator.GetBytes(32);
        var key = type == 0 ? source : HMACSHA256.HashData(source, (byte[])[.. info, 1]); // HKDF's only step for so short a key
        var nonce = RandomNumberGenerator.GetBytes(12);
        var (text, tag) = (new byte[4], new byte[16]);
        using (var aes = new AesGcm(key, 16))
        {
            aes.Encrypt(nonce, "hush"u8, text, tag, Encoding.UTF8.GetBytes(Secret));
        }

        using var stream = new MemoryStream();
        stream.Write("k8s:enc:kms:v2:keeper:"u8);
        using (var wire = new CodedOutputStream(stream, leaveOpen: true))
        {
            wire.WriteTag(1, WireFormat.WireType.LengthDelimited);
            wire.WriteBytes(ByteString.CopyFrom([.. info, .. nonce, .. text, .. tag]));
            wire.WriteTag(2, WireFormat.WireType.LengthDelimited);
            wire.WriteString("old-key");
            wire.WriteTag(3, WireFormat.WireType.LengthDelimited);
            wire.WriteBytes(ByteString.CopyFrom(TestPlugin.Seal("old-key", source)));
            wire.WriteTag(5, WireFormat.WireType.Varint);
            wire.WriteInt32(type);
        }

        await PutAsync(raw, Secret, stream.ToArray());
        var store = await OpenAsync();
        Assert.Equal("hush", await TextAsync(store, Secret));
        Assert.True(await store.IsStaleAsync(Secret, Never)); // "old-key" is not what the plugin encrypts with
    }

    [Fact]
    public async Task A_new_key_of_the_plugin_is_noticed_within_a_minute_and_makes_values_stale()
    {
        await plugin.StartAsync();
        var store = await OpenAsync();
        await PutAsync(store, Secret, "hush");
        Assert.False(await store.IsStaleAsync(Secret, Never));
        Assert.Equal(1, plugin.Statuses);

        plugin.KeyId = "key-2";
        time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(async () => await store.IsStaleAsync(Secret, Never));
        Assert.Equal("hush", await TextAsync(store, Secret));
        await PutAsync(store, Secret, "hush");
        Assert.False(await store.IsStaleAsync(Secret, Never));
        Assert.Equal("key-2", (await EnvelopeAsync(Secret)).KeyID);
    }

    [Fact]
    public async Task Without_its_plugin_a_store_reads_on_and_writes_for_three_minutes()
    {
        await plugin.StartAsync();
        var store = await OpenAsync();
        await PutAsync(store, Secret, "hush");
        await plugin.StopAsync();

        time.Advance(TimeSpan.FromMinutes(3));
        var why = await Assert.ThrowsAsync<KmsException>(() => store.Configuration.CheckAsync(Never));
        Assert.StartsWith("kms-provider-0: failed to perform status section of the healthz check for KMS Provider keeper, error: rpc error: code = Unavailable desc = ", why.Message, StringComparison.Ordinal);
        await PutAsync(store, Secret, "still");
        Assert.Equal("still", await TextAsync(store, Secret));

        time.Advance(TimeSpan.FromSeconds(1));
        var refused = await Assert.ThrowsAsync<StoreException>(() => PutAsync(store, Secret, "no more"));
        Assert.Equal(StoreError.KeysUnavailable, refused.Error);
        Assert.Contains(" expired at 2030-01-02T03:07:05Z (current time is 2030-01-02T03:07:06Z): failed to perform status section", refused.Message, StringComparison.Ordinal);
        Assert.Equal("still", await TextAsync(store, Secret));

        // Who starts now knows no key.
        var other = await OpenAsync();
        var unread = await Assert.ThrowsAsync<StoreException>(() => other.GetAsync(Secret, Never));
        Assert.Equal(StoreError.KeysUnavailable, unread.Error);
        Assert.StartsWith($"unable to transform key \"{Secret}\": failed to decrypt DEK, error: rpc error: code = Unavailable desc = connection error: dial unix ", unread.Message, StringComparison.Ordinal);
        Assert.EndsWith(": no such file or directory", unread.Message, StringComparison.Ordinal);
        Assert.Contains("KMS provider keeper has given no key yet", (await Assert.ThrowsAsync<StoreException>(() => PutAsync(other, Secret, "x"))).Message, StringComparison.Ordinal);

        await plugin.StartAsync();
        time.Advance(TimeSpan.FromSeconds(3)); // so long a bad answer is not asked for again
        await store.Configuration.CheckAsync(Never);
        await other.Configuration.CheckAsync(Never);
        await PutAsync(store, Secret, "again");
        Assert.Equal("again", await TextAsync(other, Secret));
        await PutAsync(other, Secret, "and again");
    }

    [Fact]
    public async Task A_plugin_that_comes_late_is_found_within_ten_seconds()
    {
        var store = await OpenAsync();
        await Assert.ThrowsAsync<StoreException>(() => PutAsync(store, Secret, "hush"));
        await plugin.StartAsync();
        time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => Task.FromResult(store.Configuration.Ciphers.OfType<KmsCipher>().Single().Keeper.Current is not null));
        await PutAsync(store, Secret, "hush");
    }

    [Fact]
    public async Task A_plugin_that_does_not_answer_is_left_after_its_timeout()
    {
        await plugin.StartAsync();
        var store = await OpenAsync();
        plugin.Hangs = true;
        time.Advance(TimeSpan.FromSeconds(21));
        var check = store.Configuration.CheckAsync(Never);
        await UntilAsync(() => Task.FromResult(plugin.Statuses == 2));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("rpc error: code = DeadlineExceeded desc = no answer to Status within 2s", (await Assert.ThrowsAsync<KmsException>(() => check)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "healthz", "kmsv2 Provider keeper is not healthy, error: got unexpected healthz status: sick" },
        { "version", "expected KMSv2 API version v2, got v3" },
        { "other version", "KMSv2 API version should not change after the initial status response version v2, got v2beta1" },
        { "no key", "got invalid KMSv2 KeyID hash \"\": keyID is empty" },
        { "long key", ": keyID is 1025 bytes, which exceeds the max size of 1024" },
        { "two keys", "error: Encrypt does not answer the key ID that Status does, statusKeyIDHash=\"sha256:" },
        { "long annotations", "failed to validate annotations: total size of annotations is 32769, which exceeds the max size of 32768" },
        { "short annotation", "failed to validate annotations: annotations: Invalid value: \"short\": should be a domain with at least two segments separated by dots" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task A_wrong_answer_is_told_and_the_key_from_before_writes_on(string what, string problem)
    {
        await plugin.StartAsync();
        var store = await OpenAsync();
        var before = plugin.KeyId;
        switch (what)
        {
            case "healthz": plugin.Healthz = "sick"; break;
            case "version": plugin.Version = "v3"; break;
            case "other version": plugin.Version = "v2beta1"; break;
            case "no key": plugin.KeyId = ""; break;
            case "long key": plugin.KeyId = new string('k', 1025); break;
            case "two keys": (plugin.KeyId, plugin.EncryptKeyId) = ("key-2", "key-3"); break;
            case "long annotations": (plugin.KeyId, plugin.Annotations["a.b"]) = ("key-2", new string('x', 32769 - "a.b".Length - "version.test.example.com1".Length)); break;
            default: (plugin.KeyId, plugin.Annotations["short"]) = ("key-2", ""); break;
        }

        time.Advance(TimeSpan.FromSeconds(21));
        Assert.Contains(problem, (await Assert.ThrowsAsync<KmsException>(() => store.Configuration.CheckAsync(Never))).Message, StringComparison.Ordinal);
        await PutAsync(store, Secret, "hush");
        Assert.Equal(before, (await EnvelopeAsync(Secret)).KeyID);
    }

    [Fact]
    public async Task A_key_that_is_none_is_asked_for_again()
    {
        await plugin.StartAsync();
        await PutAsync(await OpenAsync(), Secret, "hush");
        var reader = await OpenAsync();
        plugin.DecryptsTo = [1, 2, 3];
        var failure = await Assert.ThrowsAsync<StoreException>(() => reader.GetAsync(Secret, Never));
        Assert.Equal((StoreError.KeysUnavailable, $"unable to transform key \"{Secret}\": failed to decrypt DEK, error: invalid seed length 3 used for key generation"), (failure.Error, failure.Message));
        plugin.DecryptsTo = null;
        Assert.Equal("hush", await TextAsync(reader, Secret));
    }

    [Theory]
    [InlineData("", "encrypted data is empty")]
    [InlineData("\u0001\u0002garbage", "")]
    [InlineData("\n\u0001x", "failed to validate encrypted DEK source: encrypted DEK source is empty")]
    [InlineData("\n\u0001x\u001a\u0001y", "failed to validate key id: keyID is empty")]
    [InlineData("\n\u0001x\u001a\u0001y\u0012\u0001k(\u0009", "unknown encryptedDEKSourceType: 9")]
    public async Task Garbage_is_not_read(string value, string problem)
    {
        await plugin.StartAsync();
        await PutAsync(raw, Secret, Encoding.Latin1.GetBytes("k8s:enc:kms:v2:keeper:" + value));
        var store = await OpenAsync();
        var failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(Secret, Never));
        Assert.Equal(StoreError.Unreadable, failure.Error);
        Assert.StartsWith($"unable to transform key \"{Secret}\": {problem}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, plugin.Decrypts);
    }

    [Fact]
    public async Task A_value_cannot_be_moved_or_changed()
    {
        await plugin.StartAsync();
        var store = await OpenAsync();
        await PutAsync(store, Secret, "hush");
        var bytes = (await raw.GetAsync(Secret, Never))!.Value.ToArray();
        await PutAsync(raw, Secret + "2", bytes);
        var item = await EnvelopeAsync(Secret);
        item.EncryptedData = ByteString.CopyFrom([(byte)(item.EncryptedData[0] ^ 1), .. item.EncryptedData.Span[1..]]);
        await PutAsync(raw, Secret, [.. "k8s:enc:kms:v2:keeper:"u8, .. item.ToByteArray()]);
        foreach (var place in (string[])["", "2"])
        {
            Assert.Equal(StoreError.Unreadable, (await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(Secret + place, Never))).Error);
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var configuration in configurations)
        {
            await configuration.DisposeAsync();
        }

        await plugin.DisposeAsync();
        await raw.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private async Task<EncryptedObjectStore> OpenAsync()
    {
        var configuration = Keys.Configuration(time, "secrets", $"kms: {{apiVersion: v2, name: keeper, endpoint: '{plugin.Endpoint}', timeout: 2s}}", "identity: {}");
        configurations.Add(configuration);
        await configuration.StartAsync(Never);
        return new EncryptedObjectStore(raw, configuration, ["secrets"], time);
    }

    private async Task<EncryptedObject> EnvelopeAsync(string key)
    {
        var value = (await raw.GetAsync(key, Never))!.Value;
        const string Prefix = "k8s:enc:kms:v2:keeper:";
        Assert.Equal(Prefix, Encoding.UTF8.GetString(value.Span[..Prefix.Length]));
        return EncryptedObject.Parser.ParseFrom(value.Span[Prefix.Length..]);
    }

    private static async Task<string> TextAsync(IObjectStore store, string key) => Encoding.UTF8.GetString((await store.GetAsync(key, Never))!.Value.Span);

    private static async Task PutAsync(IObjectStore store, string key, string text) => await PutAsync(store, key, Encoding.UTF8.GetBytes(text));

    private static async Task PutAsync(IObjectStore store, string key, byte[] value) =>
        Assert.True((await store.CommitAsync(new StoreTransaction([], [StoreWrite.Put(key, value)]), Never)).Succeeded);

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
