using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Encryption;

/// <summary>A store whose values lie encrypted in another one. Everybody above sees them plain: the watch cache, reads, other silos with the same keys.</summary>
/// <remarks>A value that is not encrypted is read as it is, wherever it lies; what is encrypted needs its key among those of the configuration.</remarks>
public sealed class EncryptedObjectStore : IObjectStore, IStaleValues
{
    private static readonly byte[] Mark = "k8s:enc:"u8.ToArray();
    private readonly IObjectStore store;
    private readonly IReadOnlyList<EncryptionRule> rules;
    private readonly Func<string, bool> isGroup;
    private readonly IReadOnlyList<IValueCipher> all;

    /// <param name="store">Where values lie; owned from now on.</param>
    /// <param name="configuration">Which are encrypted.</param>
    /// <param name="coreResources">Names of the core group's resources, which in keys stand where other kinds have their group.</param>
    public EncryptedObjectStore(IObjectStore store, EncryptionConfiguration configuration, IEnumerable<string> coreResources)
    {
        (this.store, rules) = (store, configuration.Rules);
        var core = coreResources.ToHashSet(StringComparer.Ordinal);
        isGroup = name => !core.Contains(name);
        all = [.. rules.SelectMany(rule => rule.Ciphers).OfType<IValueCipher>()];
    }

    public async Task<StoreValue?> GetAsync(string key, CancellationToken cancel) => Plain(await store.GetAsync(key, cancel));

    public async Task<StorePage> ListAsync(string prefix, StoreListOptions options, CancellationToken cancel)
    {
        var page = await store.ListAsync(prefix, options, cancel);
        return options.KeysOnly ? page : page with { Items = [.. page.Items.Select(item => Plain(item)!)] };
    }

    public Task<long> GetRevisionAsync(CancellationToken cancel) => store.GetRevisionAsync(cancel);

    public async Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancel)
    {
        var commit = await store.CommitAsync(transaction with { Changes = [.. transaction.Changes.Select(Sealed)] }, cancel);
        return commit.Succeeded ? commit : commit with { Current = [.. commit.Current.Select(Plain)] };
    }

    public async IAsyncEnumerable<StoreChanges> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var changes in store.WatchAsync(prefix, afterRevision, cancel))
        {
            yield return changes.Items.Any(item => item.Value is { } value && IsSealed(value))
                ? changes with { Items = [.. changes.Items.Select(item => item.Value is { } value ? item with { Value = Plain(item.Key, value) } : item)] }
                : changes;
        }
    }

    public Task CompactAsync(long revision, CancellationToken cancel) => store.CompactAsync(revision, cancel);

    public async Task<bool> IsStaleAsync(string key, CancellationToken cancel)
    {
        if (RuleOf(key) is not { } rule || await store.GetAsync(key, cancel) is not { } value)
        {
            return false;
        }

        return rule.Ciphers[0] is { } first ? !value.Value.Span.StartsWith(first.Prefix.Span) : IsSealed(value.Value);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static bool IsSealed(ReadOnlyMemory<byte> value) => value.Span.StartsWith(Mark);

    private EncryptionRule? RuleOf(string key)
    {
        foreach (var rule in rules)
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

    private StoreValue? Plain(StoreValue? value) => value is not null && IsSealed(value.Value) ? value with { Value = Plain(value.Key, value.Value) } : value;

    private ReadOnlyMemory<byte> Plain(string key, ReadOnlyMemory<byte> value)
    {
        if (!IsSealed(value))
        {
            return value;
        }

        foreach (var cipher in (RuleOf(key)?.Ciphers.OfType<IValueCipher>() ?? []).Concat(all))
        {
            if (!value.Span.StartsWith(cipher.Prefix.Span))
            {
                continue;
            }

            try
            {
                return cipher.Decrypt(value.Span[cipher.Prefix.Length..], Encoding.UTF8.GetBytes(key));
            }
            catch (CryptographicException wrong)
            {
                throw new StoreException(StoreError.Unreadable, $"unable to transform key \"{key}\": {wrong.Message}");
            }
        }

        throw new StoreException(StoreError.Unreadable, $"unable to transform key \"{key}\": no matching prefix found");
    }
}
