using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Encryption;

/// <summary>A store whose values lie encrypted in another one. Everybody above sees them plain: the watch cache, reads, other silos with the same keys.</summary>
/// <remarks>A value that is not encrypted is read as it is, wherever it lies; what is encrypted needs its key among those of the configuration. One damaged value
/// spoils neither a list nor a watch: it is shown as it lies, with its damage.</remarks>
public sealed class EncryptedObjectStore : IObjectStore, IStaleValues
{
    private static readonly byte[] Mark = "k8s:enc:"u8.ToArray();
    private readonly IObjectStore store;
    private readonly Func<string, bool> isGroup;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closing = new();
    private volatile EncryptionConfiguration configuration;
    private Task retiring = Task.CompletedTask;

    /// <param name="store">Where values lie; owned from now on.</param>
    /// <param name="configuration">Which are encrypted; owned from now on.</param>
    /// <param name="coreResources">Names of the core group's resources, which in keys stand where other kinds have their group.</param>
    /// <param name="time">For how long a configuration that was replaced is needed.</param>
    public EncryptedObjectStore(IObjectStore store, EncryptionConfiguration configuration, IEnumerable<string> coreResources, TimeProvider time)
    {
        (this.store, this.configuration, this.time) = (store, configuration, time);
        var core = coreResources.ToHashSet(StringComparer.Ordinal);
        isGroup = name => !core.Contains(name);
    }

    /// <summary>What encrypts now.</summary>
    public EncryptionConfiguration Configuration => configuration;

    public async Task<StoreValue?> GetAsync(string key, CancellationToken cancel) =>
        await store.GetAsync(key, cancel) is { } value ? Whole(await PlainAsync(value, cancel)) : null;

    public async Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel)
    {
        var page = await store.ListAsync(prefix, options, cancel);
        if (options.KeysOnly)
        {
            return page;
        }

        var items = page.Items.ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = await PlainAsync(items[i], cancel);
        }

        return page with { Items = items };
    }

    public Task<long> GetRevisionAsync(CancellationToken cancel) => store.GetRevisionAsync(cancel);

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        var commit = await store.CommitAsync(transaction with { Changes = [.. transaction.Changes.Select(Sealed)] }, cancel);
        if (commit.Succeeded)
        {
            return commit;
        }

        var current = commit.Current.ToArray();
        for (var i = 0; i < current.Length; i++)
        {
            current[i] = current[i] is { } value ? Whole(await PlainAsync(value, cancel)) : null;
        }

        return commit with { Current = current };
    }

    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var changes in store.WatchAsync(prefix, afterRevision, cancel))
        {
            if (!changes.Items.Any(item => item.Value is { } value && IsSealed(value)))
            {
                yield return changes;
                continue;
            }

            var items = changes.Items.ToArray();
            for (var i = 0; i < items.Length; i++)
            {
                if (items[i].Value is { } value && IsSealed(value))
                {
                    var (plain, damage) = await PlainAsync(items[i].Key, value, cancel);
                    items[i] = items[i] with { Value = plain, Damage = damage };
                }
            }

            yield return changes with { Items = items };
        }
    }

    public Task CompactAsync(long revision, CancellationToken cancel) => store.CompactAsync(revision, cancel);

    public async Task<bool> IsStaleAsync(string key, CancellationToken cancel)
    {
        if (RuleOf(key) is not { } rule || await store.GetAsync(key, cancel) is not { } value)
        {
            return false;
        }

        if (rule.Ciphers[0] is not { } first)
        {
            return IsSealed(value.Value);
        }

        try
        {
            return !value.Value.Span.StartsWith(first.Prefix.Span) || first.IsStale(value.Value[first.Prefix.Length..]);
        }
        catch (CryptographicException damaged)
        {
            throw new StoreException(StoreError.Unreadable, Because(key, damaged.Message));
        }
    }

    /// <summary>Encrypts with something else from now on. What was begun with the configuration from before may end.</summary>
    public void Use(EncryptionConfiguration next)
    {
        retiring = RetireAsync(retiring, configuration);
        configuration = next;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await retiring;
        await configuration.DisposeAsync();
        await store.DisposeAsync();
        closing.Dispose();
    }

    private async Task RetireAsync(Task others, EncryptionConfiguration old)
    {
        try
        {
            await Task.Delay(old.Grace, time, closing.Token);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // Nobody uses the store any more.
        }

        await old.DisposeAsync();
        await others;
    }

    private static bool IsSealed(ReadOnlyMemory<byte> value) => value.Span.StartsWith(Mark);

    private EncryptionRule? RuleOf(string key)
    {
        foreach (var rule in configuration.Rules)
        {
            foreach (var pattern in rule.Resources)
            {
                if (pattern.Match(key, isGroup))
                {
                    return rule;
                }
            }
        }

        return null;
    }

    private StoreWrite Sealed(StoreWrite change) => change.Value is { } value && RuleOf(change.Key)?.Ciphers[0] is { } cipher
        ? StoreWrite.Put(change.Key, cipher.Encrypt(value.Span, Encoding.UTF8.GetBytes(change.Key)), change.Expiry)
        : change;

    private static StoreValue Whole(StoreValue value) => value.Damage is { } damage ? throw new StoreException(StoreError.Unreadable, damage) : value;

    private async ValueTask<StoreValue> PlainAsync(StoreValue value, CancellationToken cancel)
    {
        if (!IsSealed(value.Value))
        {
            return value;
        }

        var (plain, damage) = await PlainAsync(value.Key, value.Value, cancel);
        return value with { Value = plain, Damage = damage };
    }

    /// <returns>What was encrypted; or the value as it lies, and why it cannot be decrypted.</returns>
    /// <exception cref="StoreException">Nobody has its key, or nobody gives it.</exception>
    private async ValueTask<(ReadOnlyMemory<byte> Value, string? Damage)> PlainAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        foreach (var cipher in (RuleOf(key)?.Ciphers.OfType<IValueCipher>() ?? []).Concat(configuration.Ciphers))
        {
            if (!value.Span.StartsWith(cipher.Prefix.Span))
            {
                continue;
            }

            try
            {
                return (await cipher.DecryptAsync(value[cipher.Prefix.Length..], Encoding.UTF8.GetBytes(key), cancel), null);
            }
            catch (CryptographicException wrong)
            {
                return (value, Because(key, wrong.Message));
            }
        }

        throw new StoreException(StoreError.Unreadable, Because(key, "no matching prefix found"));
    }

    private static string Because(string key, string why) => $"unable to transform key \"{key}\": {why}";
}
