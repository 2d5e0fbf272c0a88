namespace GrainKube.ApiServer.Pipeline;

/// <summary>Limits of the gateway. The defaults are upstream's.</summary>
public sealed class ApiServerOptions
{
    /// <summary>Largest body of a request in bytes; more is 413. Default: 3 MiB.</summary>
    public int MaxRequestBodyBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>How long a request that is no watch and no stream may take; after it the client gets 504. Default: one minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Watches without <c>timeoutSeconds</c> end after a random time between this and twice this. Default: 30 minutes.</summary>
    public TimeSpan MinWatchTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a watch that allows it gets a bookmark. Default: one minute.</summary>
    public TimeSpan BookmarkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that may be under way at once, watches and streams apart; priority levels divide them, and more wait or get 429. Default: 600. Zero: no limit.</summary>
    public int MaxRequestsInFlight { get; set; } = 600;

    /// <summary>How long a read waits for a revision that this silo has not seen yet, before it answers 504. Default: three seconds.</summary>
    public TimeSpan FreshnessTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Answers larger than this are compressed for clients that accept gzip, in bytes. Default: 128 KiB.</summary>
    public int CompressFrom { get; set; } = 128 * 1024;

    /// <summary>Address and port that <c>/api</c> tells clients; empty says nothing.</summary>
    public string AdvertisedAddress { get; set; } = "";
}
