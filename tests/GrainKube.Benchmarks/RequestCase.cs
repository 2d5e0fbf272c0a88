using System.Diagnostics;
using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Audit;
using GrainKube.ApiServer.FlowControl;
using GrainKube.ApiServer.Pipeline;
using GrainKube.ApiServer.Requests;
using GrainKube.Resources.FlowControl;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace GrainKube.Benchmarks;

/// <summary>What every request pays on its way, each step by itself in one thread.</summary>
internal static class RequestCase
{
    private const int Count = 500_000;
    private static readonly UserInfo Jane = new() { Name = "system:serviceaccount:shop:cart", Groups = ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"] };

    private static readonly RequestInfo Request = new()
    {
        IsResourceRequest = true, Verb = "update", Path = "/api/v1/namespaces/shop/configmaps/a", ApiVersion = "v1", Resource = "configmaps", Namespace = "shop", Name = "a",
    };

    public static async Task RunAsync(Table table)
    {
        var schemas = new FlowSchemas(DefaultFlowControl.Schemas().Select(s => KubernetesJson.Deserialize<V1FlowSchema>(s.ToJsonString())).Select(s =>
            new FlowSchema(s.Metadata.Name, "", s.Spec.MatchingPrecedence!.Value, s.Spec.DistinguisherMethod?.Type ?? "", s.Spec.Rules, Level(s), "")));
        await MeasureAsync(table, "priority and fairness, a seat that is free", "1 µs", async () =>
        {
            var schema = schemas.Of(Jane, Request);
            (await schema.Level.EnterAsync(1, schema.FlowOf(Jane, Request), TimeSpan.FromSeconds(15), CancellationToken.None)).Leave();
        });

        var policy = AuditPolicy.Parse(Encoding.UTF8.GetBytes("apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- {level: None, users: [a]}\n- {level: None, resources: [{group: apps}]}\n- {level: Metadata}\n"));
        var http = new DefaultHttpContext();
        http.Request.Headers.UserAgent = "kubectl/v1.33.0 (linux/amd64) kubernetes/1234567";
        var sink = new Nowhere();
        var log = new AuditLog(policy, [sink], TimeProvider.System);
        await MeasureAsync(table, "audit, two events at level Metadata", "10 µs", async () =>
        {
            var state = new RequestState { Info = Request, AuditId = "7f9a1c7e-0000-4000-8000-000000000000", User = Jane };
            var audit = new AuditEvent(log, policy.Decide(Jane, Request), http, state) { Code = 200 };
            await audit.RecordAsync(AuditStages.RequestReceived);
            await audit.RecordAsync(AuditStages.ResponseComplete);
        });
    }

    private static PriorityLevel Level(V1FlowSchema schema)
    {
        var level = new PriorityLevel(schema.Spec.PriorityLevelConfiguration.Name, TimeProvider.System);
        level.Configure(new LevelSettings(false, 100, 90, null, 128, 6, 50), 245);
        return level;
    }

    private static async Task MeasureAsync(Table table, string what, string budget, Func<Task> step)
    {
        for (var round = 0; round < 2; round++)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Count; i++)
            {
                await step();
            }

            if (round == 1)
            {
                var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / Count;
                table.Add("", what, string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMicroseconds / Count:F2} µs, {bytes} B"), budget);
            }
        }
    }

    private sealed class Nowhere : IAuditSink
    {
        public ValueTask TakeAsync(ReadOnlyMemory<byte> line) => default;
    }
}
