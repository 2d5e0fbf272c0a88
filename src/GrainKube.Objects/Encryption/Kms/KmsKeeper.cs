using GrainKube.Objects.Encryption.Kms.Wire;
using Microsoft.Extensions.Logging;

namespace GrainKube.Objects.Encryption.Kms;

/// <summary>
/// Asks a plugin how it is, each minute and each ten seconds while it is unwell, and keeps the key that writes: a new one when the plugin's own key is another. While nothing can be said of the plugin's
/// key, the last one writes on for three minutes.
/// </summary>
internal sealed partial class KmsKeeper(KmsSettings settings, KmsClient plugin, DataKeys keys, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan WhileWell = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhileUnwell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WritesOn = TimeSpan.FromMinutes(3);

    // What a health check may be told without asking again.
    private static readonly TimeSpan GoodAnswerHolds = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BadAnswerHolds = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private volatile WriteKey? current;
    private volatile Answer? last;
    private string version = "";
    private Task asking = Task.CompletedTask;

    /// <summary>The newest key, or null where the plugin never gave one.</summary>
    public WriteKey? Current => current;

    /// <summary>The key to write with.</summary>
    /// <exception cref="KmsException">There is none, or it may write no more.</exception>
    public WriteKey Writing
    {
        get
        {
            var because = last?.Problem is { } problem ? $": {problem}" : "";
            var key = current ?? throw new KmsException($"KMS provider {settings.Name} has given no key yet{because}");
            var now = time.GetUtcNow();
            return now <= key.Expires ? key : throw new KmsException(
                $"encryptedDEKSource with keyID hash \"{key.Key.KeyHash}\" expired at {key.Expires:yyyy-MM-dd'T'HH:mm:ss'Z'} (current time is {now:yyyy-MM-dd'T'HH:mm:ss'Z'}){because}");
        }
    }

    /// <summary>Asks once, so that a plugin that is well has given a key when this returns, and goes on asking until disposed.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var well = await TryAsync(cancel);
        asking = AskAsync(well, stopping.Token);
    }

    /// <summary>Asks the plugin, unless it answered a moment ago.</summary>
    /// <exception cref="KmsException">It is unwell.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (last is not { } known || time.GetUtcNow() - known.At >= (known.Problem is null ? GoodAnswerHolds : BadAnswerHolds))
            {
                var problem = await ProblemAsync(cancel);
                last = known = new Answer(problem, time.GetUtcNow());
            }

            if (known.Problem is { } wrong)
            {
                throw new KmsException(wrong);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await asking;
        stopping.Dispose();
    }

    private async Task AskAsync(bool well, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(well ? WhileWell : WhileUnwell, time, cancel);
                well = await TryAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // the end
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            await CheckAsync(cancel);
            return true;
        }
        catch (KmsException unwell)
        {
            LogUnwell(settings.Name, unwell.Message);
            return false;
        }
    }

    /// <summary>Asks, and takes what follows.</summary>
    private async Task<string?> ProblemAsync(CancellationToken cancel)
    {
        StatusResponse status;

        // Counted from before the question: what it is a bound of began then.
        var expires = time.GetUtcNow() + WritesOn;
        try
        {
            status = await plugin.StatusAsync(cancel);
        }
        catch (KmsException failed)
        {
            return $"failed to perform status section of the healthz check for KMS Provider {settings.Name}, error: {failed.Message}";
        }

        string?[] problems =
        [
            status.Healthz == "ok" ? null : $"got unexpected healthz status: {status.Healthz}",
            VersionProblem(status.Version),
            await KeyProblemAsync(status.KeyId, expires, cancel),
        ];
        string[] found = [.. problems.OfType<string>()];
        return found.Length == 0 ? null : $"kmsv2 Provider {settings.Name} is not healthy, error: {(found.Length == 1 ? found[0] : $"[{string.Join(", ", found)}]")}";
    }

    private string? VersionProblem(string answered)
    {
        if (answered is not ("v2" or "v2beta1"))
        {
            return $"expected KMSv2 API version v2, got {answered}";
        }

        version = version.Length == 0 ? answered : version;
        return version == answered ? null : $"KMSv2 API version should not change after the initial status response version {version}, got {answered}";
    }

    private async Task<string?> KeyProblemAsync(string keyId, DateTimeOffset expires, CancellationToken cancel)
    {
        if (EnvelopeRules.KeyIdProblem(keyId) is { } wrong)
        {
            KmsMetrics.BadKeyId(settings.Name, keyId.Length == 0);
            return $"got invalid KMSv2 KeyID hash \"{EnvelopeRules.Hash(keyId)}\": {wrong}";
        }

        KmsMetrics.Seen(settings.Name, EnvelopeRules.Hash(keyId), time.GetUtcNow());
        var before = current;
        if (before?.KeyId == keyId)
        {
            // A key that had expired meanwhile is as good as before, as long as the plugin's is the same.
            current = before with { Expires = expires };
            return null;
        }

        var uid = Guid.NewGuid().ToString();
        string reason;
        var encryptKeyId = "";
        try
        {
            var made = await WriteKey.MakeAsync(plugin, uid, expires, cancel);
            if (made.KeyId == keyId)
            {
                keys.Add(made.Envelope, made.Key);
                current = made;
                LogKey(settings.Name, made.Key.KeyHash, before?.Key.KeyHash);
                return null;
            }

            (reason, encryptKeyId) = ("Encrypt does not answer the key ID that Status does", made.KeyId);
        }
        catch (KmsException failed)
        {
            reason = failed.Message;
        }

        return $"failed to rotate DEK uid=\"{uid}\", error: {reason}, statusKeyIDHash=\"{EnvelopeRules.Hash(keyId)}\", encryptKeyIDHash=\"{EnvelopeRules.Hash(encryptKeyId)}\", "
            + $"stateKeyIDHash=\"{before?.Key.KeyHash}\"";
    }

    private sealed record Answer(string? Problem, DateTimeOffset At);

    [LoggerMessage(Level = LogLevel.Warning, Message = "KMS provider {Provider}: {Problem}")]
    private partial void LogUnwell(string provider, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "KMS provider {Provider} encrypts with key {KeyHash} now; before it was {Before}")]
    private partial void LogKey(string provider, string keyHash, string? before);
}
