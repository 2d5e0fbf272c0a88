using GrainKube.Benchmarks;

return await Benchmarks.RunAsync(args);
