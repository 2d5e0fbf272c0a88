using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Bootstrap;
using GrainKube.ApiServer.Components;
using GrainKube.ApiServer.CustomResources;
using GrainKube.ApiServer.Health;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Controllers;
using GrainKube.Controllers.AuthenticationTrust;
using GrainKube.Controllers.RootCertificates;
using GrainKube.Hosting.Connections;
using GrainKube.Networking.ApiService;
using GrainKube.Objects;
using GrainKube.Objects.Cache;
using GrainKube.Objects.GrainStorage;
using GrainKube.Objects.Reminders;
using GrainKube.Objects.Store;
using GrainKube.Reconciliation;
using GrainKube.Reconciliation.Residents;
using GrainKube.Resources;
using GrainKube.Scheduler;
using GrainKube.Security.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace GrainKube.Hosting;

/// <summary>One GrainKube server in this process: store, silo, gateway, and a node unless that is switched off. The only place that composes.</summary>
public sealed class GrainKubeHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IAsyncDisposable store;
    private readonly ClusterSecrets secrets;
    private readonly ServerCertificate certificate;

    private GrainKubeHost(WebApplication app, IAsyncDisposable store, ClusterSecrets secrets, ServerCertificate certificate) =>
        (this.app, this.store, this.secrets, this.certificate) = (app, store, secrets, certificate);

    /// <summary>Where the gateway answers on this machine, for example <c>https://127.0.0.1:6443</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Name of this node and silo.</summary>
    public required string NodeName { get; init; }

    /// <summary>The administrator's kubeconfig; empty where everything is in memory.</summary>
    public string KubeconfigPath { get; private set; } = "";

    /// <summary>The process's services, for tests and embedders.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>The cluster's certificate authority.</summary>
    public CertificateAuthority Authority => secrets.Authority;

    /// <summary>Starts a server and returns when its gateway answers.</summary>
    /// <param name="options">What it is to be.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="configure">Changes the services.</param>
    /// <param name="shared">The store to work on, which stays its owner's: for several servers in one process. Null opens the one that the options name.</param>
    /// <exception cref="StartupException">It cannot start: a taken port, an unusable store or data directory.</exception>
    public static async Task<GrainKubeHost> StartAsync(
        GrainKubeOptions options, CancellationToken cancel, Action<IServiceCollection>? configure = null, IObjectStore? shared = null)
    {
        var time = TimeProvider.System;
        var nodeName = (options.NodeName.Length > 0 ? options.NodeName : Dns.GetHostName()).ToLowerInvariant();
        var advertised = options.AdvertiseAddress.Length > 0 ? options.AdvertiseAddress : MachineAddress();
        var extensions = ClusterExtensions.Load(options.Extensions);
        using var logs = LoggerFactory.Create(logging => Logging(logging, options));
        var store = shared ?? await ClusterStore.OpenAsync(options, time, logs, cancel);
        IAsyncDisposable owned = shared is null ? store : NotOurs.Instance;
        var secrets = await ClusterSecrets.LoadAsync(Vault(options, store), time, cancel);
        var names = ServerCertificate.NamesFor(nodeName, advertised, ServiceRange.ApiAddress(options.ServiceCidr), options.TlsNames).ToHashSet();
        var certificate = new ServerCertificate(secrets.Authority, names, [secrets.Authority, secrets.FrontProxyAuthority], time);

        // Empty: what a server is, its options say. No settings file of the directory it happens to be started in is read, and none is watched.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddRouting();
        Logging(builder.Logging, options);
        GatewayListener.Listen(builder, options, certificate);
        try
        {
            Compose(builder, options, nodeName, advertised, store, secrets);
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            await store.DisposeAsync();
            throw new StartupException(error.Message, error);
        }

        foreach (var extension in extensions)
        {
            extension.AddTo(builder.Services);
        }

        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseRouting();
        app.MapGrainKube();
        Telemetry.Map(app);
        DashboardMount.Map(app, options);
        try
        {
            await StartupChecks.RunAsync(options, app.Services, cancel);
            await app.StartAsync(cancel);
        }
        catch (StartupException)
        {
            await app.DisposeAsync();
            await owned.DisposeAsync();
            throw;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await app.DisposeAsync();
            await owned.DisposeAsync();
            throw new StartupException($"cannot listen on {options.BindAddress}:{options.Port}: {error.GetBaseException().Message}", error);
        }

        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        await app.Services.GetRequiredService<ApiServiceSetup>().AnnounceAsync(port, cancel);
        var host = new GrainKubeHost(app, owned, secrets, certificate) { Address = new Uri($"https://127.0.0.1:{port}"), NodeName = nodeName };
        if (!options.IsEphemeral)
        {
            host.KubeconfigPath = await AdminKubeconfig.WriteAsync(options.DataDirectory, host.Address, secrets.Authority, cancel);
        }

        return host;
    }

    /// <summary>Cancelled when the stop begins.</summary>
    public CancellationToken Stopping => app.Lifetime.ApplicationStopping;

    /// <summary>Completes when the process is asked to stop, or the silo ends by itself.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancel) => app.WaitForShutdownAsync(cancel);

    /// <summary>Stops within ten seconds; containers stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8)))
        {
            await app.StopAsync(limit.Token);
        }

        await app.DisposeAsync();
        await store.DisposeAsync();
        certificate.Dispose();
        secrets.Dispose();
    }

    private static void Compose(WebApplicationBuilder builder, GrainKubeOptions options, string nodeName, string advertised, IObjectStore store, ClusterSecrets secrets)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        EncryptionComposition.Add(services, options, store);
        services.AddSingleton(_ => new ResourceRegistry(BuiltInResources.All));
        services.AddApiServer(api =>
            (api.AdvertisedAddress, api.RequestTimeout, api.MaxRequestsInFlight) = ($"{advertised}:{options.Port}", options.RequestTimeout, options.MaxRequestsInFlight));
        services.AddAudit(options.Audit);
        services.AddIdentity(secrets, options.Authentication);
        services.AddAuthorizers(options.Authorization);
        services.AddAdmission();
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options.PodSecurity));
        services.AddCustomResources();
        services.AddBootstrap();
        services.AddKubernetesControllers();
        services.AddScheduler();
        foreach (var component in (string[])["controller-manager", "scheduler"])
        {
            services.AddSingleton<IComponentProbe>(provider =>
                new ResidentComponent(component, provider.GetServices<IResidents>(), provider.GetRequiredService<IGrainFactory>()));
        }

        AddressComposition.Add(services, options, nodeName, advertised);
        services.Configure<ReconciliationOptions>(o => o.Controllers = options.Controllers);
        services.Configure<RootCertificateOptions>(o => o.Pem = secrets.Authority.CertificatePem);
        services.Configure<AuthenticationTrustOptions>(o =>
        {
            (o.ClientAuthority, o.FrontProxyAuthority, o.ProxyNames) = (secrets.Authority.CertificatePem, secrets.FrontProxyAuthority.CertificatePem, [FrontProxy.ClientName]);
            (o.UserHeader, o.UidHeader, o.GroupHeader, o.ExtraPrefix) = (FrontProxy.UserHeader, FrontProxy.UidHeader, FrontProxy.GroupHeader, FrontProxy.ExtraPrefix);
        });
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(8));
        Telemetry.Add(services, nodeName);
        builder.UseOrleans(silo =>
        {
            SiloClustering.Configure(silo, options, nodeName);
            silo.AddObjects();
            silo.UseObjectStoreReminders();
            silo.AddObjectStoreGrainStorage("Default");
            silo.AddStartupTask(BootstrapAsync);
            if (Telemetry.ExportsTraces)
            {
                silo.AddActivityPropagation(); // a twentieth of what a write allocates
            }

            silo.Configure<GrainCollectionOptions>(o => o.CollectionAge = TimeSpan.FromMinutes(2));
            if (options.Dashboard)
            {
                silo.AddDashboard();
            }

            NodeComposition.Add(silo, options, nodeName, advertised);
            NetworkComposition.Add(silo, options, nodeName, advertised);
        });
    }

    // Before the gateway listens: nobody may be let in by rules that are not there yet.
    private static async Task BootstrapAsync(IServiceProvider services, CancellationToken cancel)
    {
        await services.GetRequiredService<CustomResourceFeed>().StartAsync(cancel);
        services.GetRequiredService<RbacFeed>().Start();
        await services.GetRequiredService<Bootstrapper>().RunAsync(cancel);
        await services.GetRequiredService<ApiServiceSetup>().EnsureAsync(cancel);
        await services.GetRequiredService<WatchCache>().WaitUntilCurrentAsync(cancel);
        services.GetRequiredService<StartProgress>().Complete();
    }

    private static ISecretVault Vault(GrainKubeOptions options, IObjectStore store) =>
        options.Clustering == ClusteringKind.Store || options.IsEphemeral ? new StoreVault(store) : new FileVault(Path.Combine(options.DataDirectory, "pki"));

    private static void Logging(ILoggingBuilder logging, GrainKubeOptions options)
    {
        if (!options.Log)
        {
            logging.SetMinimumLevel(LogLevel.None);
            return;
        }

        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning).AddFilter("Polly", LogLevel.Error)
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Its tick is cancelled when the silo stops, which it reports as an error.
        logging.AddFilter("Orleans.Runtime.ReminderService", LogLevel.Critical).AddFilter("Orleans.Runtime.SiloLifecycleSubject", LogLevel.Critical);

        // Our own middleware answers and logs what fails; for this one the web server would make an activity and a scope of every request.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' "));
    }

    private sealed class NotOurs : IAsyncDisposable
    {
        public static readonly NotOurs Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static string MachineAddress()
    {
        // Nothing is sent: connecting a datagram socket only asks the routing table which address would be used.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(IPAddress.Parse("192.0.2.1"), 9);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return IPAddress.Loopback.ToString();
        }
    }
}
